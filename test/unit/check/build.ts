/** Programs compiled in check mode, and defects planted in what the compiler wrote. */
import { expect } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';
import type { AnyFunction } from '../../support/numeric.js';

/** What the sources may use beside the language. */
const GLOBALS = `
  declare const console: { log(...x: unknown[]): void; warn(...x: unknown[]): void };
  declare const performance: { now(): number };`;

/** A change of the emitted text: the pattern must occur. */
export type Defect = readonly [pattern: string | RegExp, replacement: string];

/** The emitted text of a module. */
export function emitted(source: string, check = true): string {
  const compiled = compileSources({ 'main.ts': source, 'globals.d.ts': GLOBALS }, { check });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled.outputs['main.ts'];
}

/** The exports of a module in check mode, with the defects in its generated part. */
export async function build(
  source: string,
  ...defects: readonly Defect[]
): Promise<Record<string, AnyFunction>> {
  let code = emitted(source);
  for (const [pattern, replacement] of defects) {
    const changed = code.replace(pattern, replacement);
    expect(changed, `${pattern} is not in\n${code}`).not.toBe(code);
    code = changed;
  }
  return (await loadModules({ 'main.ts': code }, 'main.ts')) as Record<string, AnyFunction>;
}

/** The message of what is thrown; empty if nothing is. */
export function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
