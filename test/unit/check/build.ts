/** Programs compiled in check mode, and defects planted in what the compiler wrote. */
import { expect } from 'vitest';
import { compileSources, loadModules } from '../../support/compile.js';

/** What the sources may use beside the language. */
const GLOBALS = `
  declare const console: { log(...x: unknown[]): void; warn(...x: unknown[]): void };
  declare const performance: { now(): number };`;

// biome-ignore lint/suspicious/noExplicitAny: tests take results apart as they know them to be
type Known = any;
type Exported = (...args: Known[]) => Known;

/** A change of the emitted text: the pattern must occur. */
export type Defect = readonly [pattern: string | RegExp, replacement: string];

function compile(source: string, check: boolean) {
  const compiled = compileSources({ 'main.ts': source, 'globals.d.ts': GLOBALS }, { check });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled;
}

/** The emitted text of a module. */
export const emitted = (source: string, check = true): string => compile(source, check).outputs['main.ts'];

/** The exports of a module in check mode, with the defects in its generated part. */
export async function build(
  source: string,
  ...defects: readonly Defect[]
): Promise<Record<string, Exported>> {
  const compiled = compile(source, true);
  const generated = compiled.generated('main.ts');
  let part = generated;
  for (const [pattern, replacement] of defects) {
    const changed = part.replace(pattern, replacement);
    expect(changed, `${pattern} is not in\n${part}`).not.toBe(part);
    part = changed;
  }
  const code = compiled.outputs['main.ts'].replace(generated, () => part);
  return (await loadModules({ 'main.ts': code }, 'main.ts')) as Record<string, Exported>;
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
