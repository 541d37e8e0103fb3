/** Codes of the set-up and of bugs, which no source file can give, and the test of each. */
export const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  AD0002: 'unit/runtime/not-compiled.test.ts',
  AD0003: 'e2e/transformer.test.ts',
  AD2014: 'unit/compiler/hostile.test.ts',
  AD6002: 'unit/runtime/self-checks.test.ts',
  AD6003: 'unit/check/finite.test.ts',
  AD6004: 'unit/check/callbacks.test.ts',
  AD7001: 'unit/compiler/internal-error.test.ts',
};

/** What the first digit of a code says. */
export const TOPICS: Readonly<Record<string, string>> = {
  AD0: 'Set-up',
  AD1: 'The marker call',
  AD2: 'Syntax',
  AD3: 'Types',
  AD4: 'Differentiability',
  AD5: 'Aliases and mutation',
  AD6: 'The tape',
  AD7: 'The compiler',
};
