/** Builds the compiler and the tape with all points in them, and loads them into this process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packages } from './points.js';

/** The constructors of the tape's operations: every partial derivative goes through the switchboard. */
const MUTABLE_RULES = `
import * as own from 'own-rules';
export * from 'own-rules';
const board = globalThis.adjointMutation;
const partial = (name, k, f) => (...xs) => board.partial('tape ' + name + ' ' + k, f(...xs));
/** Says which mutants there are. */
const declare = (name, k) => {
  for (const change of ['flipped', 'dropped']) board.sees('tape ' + name + ' ' + k, change);
};
export const unary = (name, value, f) => {
  declare(name, 0);
  return own.unary(name, value, partial(name, 0, f));
};
export const binary = (name, { value, left, right }) => {
  for (const k of [0, 1]) declare(name, k);
  return own.binary(name, { value, left: partial(name, 0, left), right: partial(name, 1, right) });
};
export const variadic = (name, value, partials) => {
  for (const k of [0, 1, 2]) declare(name, k);
  return own.variadic(name, value, (xs, y) =>
    partials(xs, y).map((p, k) => p === undefined ? p : partial(name, k, () => p)()));
};
`;

function mutable(files: ReadonlyMap<string, string>): Plugin {
  const rule = join(packages, 'tape', 'src', 'operations', 'rule.ts');
  return {
    name: 'mutable',
    setup(b) {
      b.onResolve({ filter: /^own-rules$/ }, () => ({ path: rule }));
      b.onResolve({ filter: /^\.\/rule\.js$/ }, ({ importer, resolveDir }) =>
        importer !== rule && resolveDir.endsWith('operations')
          ? { path: 'rules', namespace: 'mutable' }
          : undefined,
      );
      b.onLoad({ filter: /.*/, namespace: 'mutable' }, () => ({
        contents: MUTABLE_RULES,
        resolveDir: join(packages, 'tape'),
      }));
      b.onLoad({ filter: /compiler[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
        contents: files.get(path) ?? readFileSync(path, 'utf8'),
        loader: 'ts',
      }));
    },
  };
}

const COMPILER = `
export { rewrite } from './compiler/src/index.ts';
export { SCALAR_RULES } from './compiler/src/rules/scalar.ts';
`;

/** Bundles the instrumented compiler and tape into `folder`. */
export async function bundleMutable(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const shared: BuildOptions = {
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    plugins: [mutable(files)],
  };
  const contents = { contents: COMPILER, resolveDir: packages, loader: 'ts' } as const;
  await build({ ...shared, stdin: contents, outfile: join(folder, 'compiler.mjs') });
  await build({
    ...shared,
    entryPoints: [join(packages, 'tape', 'src', 'internal.ts')],
    outfile: join(folder, 'tape.mjs'),
  });
}

export const load = async <T>(folder: string, name: string): Promise<T> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.mjs`)).href)) as T;
