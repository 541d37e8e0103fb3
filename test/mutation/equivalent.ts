/** Mutants that no program can notice by its results, each with the reason. */

/** Questions whose answer costs time only, in one direction: `[question, safe answer, why]`. */
const SAFE: readonly (readonly [question: string, answer: 'yes' | 'no' | 'none', why: string])[] = [];

/** Others. */
const OTHERS: Readonly<Record<string, string>> = {};

export const EQUIVALENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SAFE.map(([question, answer, why]) => [`${question}: ${answer}`, why])),
  ...OTHERS,
};
