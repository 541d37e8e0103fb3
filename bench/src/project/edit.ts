/**
 * Transforms the files of the project that take a gradient, as a dev server does when they are asked for; then edits one of them
 * several times, and prints how long it took to transform it again, in milliseconds.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { rollup as adjoint } from '@adjoint/unplugin';
import { differentiates, MODULES, sourceOf, textOf } from './files.js';

const [root] = process.argv.slice(2);
const EDITED = 149;
/** The first edits run code that the engine has not compiled yet, as those of a person do not for long. */
const WARM = 3;
const COUNTED = 5;

interface Plugin {
  readonly transform: { readonly handler: (this: object, code: string, id: string) => Promise<unknown> };
}
process.chdir(root);
const plugin = adjoint() as unknown as Plugin;
const context = {
  addWatchFile() {},
  error(problem: unknown) {
    throw problem;
  },
  warn() {},
};
const transform = (file: string, code: string) => plugin.transform.handler.call(context, code, file);

for (let k = 0; k < MODULES; k++) {
  const file = sourceOf(root, k);
  if (differentiates(k)) await transform(file, readFileSync(file, 'utf8'));
}
const times: number[] = [];
for (let k = 0; k < WARM + COUNTED; k++) {
  const file = sourceOf(root, EDITED);
  const text = textOf(EDITED, 0.2 + k / 100);
  writeFileSync(file, text);
  const before = performance.now();
  const done = await transform(file, text);
  if (k >= WARM) times.push(performance.now() - before);
  if (!done) throw new Error('the edited file was not transformed');
}
writeFileSync(sourceOf(root, EDITED), textOf(EDITED));
console.log(JSON.stringify(times));
