/** Fixture folders: what they contain, and the call sites that are compiled for them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Compiled, compileOnce, compileSources, loadPlainModules, type Sources } from './compile.js';
import type { AnyFunction } from './numeric.js';
import { onTape, tapeSites } from './tape-sites.js';
import { cloneTree } from './tree.js';

/** One entry of `cases` in a fixture's input.ts. */
export interface FixtureCase {
  readonly args: readonly unknown[];
  /** Differentiated arguments; without it the markers are called without options. */
  readonly argnums?: readonly number[];
  /** Exact gradients in the order of `argnums`, worked by hand. */
  readonly expected?: readonly unknown[];
  /** Whether a gradient (flattened) is acceptable. */
  readonly accept?: (gradient: number[]) => boolean;
  /** Relative tolerance against `expected` (1e-12) or differences (1e-6). */
  readonly tol?: number;
  /** False where differences are no oracle; needs `expected` or `accept`. */
  readonly fd?: false;
}
/** One entry of `calls`: an exported function with markers inside, and what it returns when compiled. */
export interface FixtureCall {
  readonly args: readonly unknown[];
  readonly returns: unknown;
  readonly tol?: number;
}
export interface Site {
  readonly name: string;
  readonly fn: string;
  readonly argnums: readonly number[] | undefined;
  readonly vector: boolean;
  readonly cases: readonly FixtureCase[];
}
export interface Fixture {
  readonly id: string;
  readonly folder: string;
  readonly sources: Sources;
}

const OWN_FILES = /^expected(\..+)?\.ts$/;

/** Folders with an input.ts below `root`, sorted. */
export function findFixtures(root: string, relative = ''): Fixture[] {
  const folder = join(root, relative);
  if (relative !== '' && existsSync(join(folder, 'input.ts')))
    return [{ id: relative, folder, sources: readSources(folder) }];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => findFixtures(root, relative === '' ? entry.name : `${relative}/${entry.name}`));
}
function readSources(folder: string, prefix = ''): Sources {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const name = prefix + entry.name;
    if (entry.isDirectory()) Object.assign(files, readSources(folder, `${name}/`));
    else if (entry.name.endsWith('.ts') && !OWN_FILES.test(name))
      files[name] = readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n');
  }
  return files;
}

/** Call sites of a fixture: one per function and choice of arguments. */
export function sitesOf(plain: Record<string, unknown>): Site[] {
  const cases = (plain.cases ?? {}) as FixtureCase[] | Record<string, FixtureCase[]>;
  const byFunction = Array.isArray(cases) ? { f: cases } : cases;
  return Object.entries(byFunction).flatMap(([fn, list]) => {
    const f = plain[fn];
    if (typeof f !== 'function') throw new Error(`cases name ${fn}, which input.ts does not export`);
    const groups = new Map<string, FixtureCase[]>();
    for (const one of list) {
      const key = one.argnums?.join() ?? '';
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...groups.values()].map((group, i) => {
      const value = (f as AnyFunction)(...cloneTree(group[0].args));
      const name = i === 0 ? fn : `${fn}_${i}`;
      return { name, fn, argnums: group[0].argnums, vector: typeof value !== 'number', cases: group };
    });
  });
}

/** The files that call the markers. `reverse.ts` is the one whose emitted form is kept as a snapshot. */
export function callSites(sites: readonly Site[]): Sources {
  if (sites.length === 0) return {};
  const imported = [...new Set(sites.map((s) => s.fn))].join(', ');
  const file = (line: (site: Site, options: string) => string[]) => {
    const body = sites.flatMap((s) => line(s, s.argnums ? `, { argnums: [${s.argnums.join(', ')}] }` : ''));
    const markers = new Set(body.map((text) => /= (\w+)\(/.exec(text)?.[1]));
    return [
      `import { ${[...markers].sort().join(', ')} } from 'adjoint';`,
      `import { ${imported} } from './input.js';`,
      '',
      ...body,
      '',
    ].join('\n');
  };
  return {
    'reverse.ts': file((s, options) => [
      s.vector
        ? `export const ${s.name}_vjp = vjp(${s.fn});`
        : `export const ${s.name}_valueAndGrad = valueAndGrad(${s.fn}${options});`,
    ]),
    'others.ts': file((s, options) =>
      s.vector
        ? [`export const ${s.name}_jvp = jvp(${s.fn});`]
        : [
            `export const ${s.name}_grad = grad(${s.fn}${options});`,
            `export const ${s.name}_gradInto = gradInto(${s.fn}${options});`,
            `export const ${s.name}_jvp = jvp(${s.fn});`,
            `export const ${s.name}_vjp = vjp(${s.fn});`,
          ],
    ),
    'tape.ts': tapeSites(sites),
  };
}

export interface Build {
  readonly compiled: Compiled;
  /** Every export of the compiled call sites. */
  readonly derivatives: Record<string, AnyFunction>;
  /** The same functions with `backend: 'tape'`; not in check mode. */
  readonly taped: Record<string, AnyFunction>;
  /** The compiled input.ts. */
  readonly input: Record<string, unknown>;
}
/** Compiles and loads a fixture; a refusal is an error that shows the diagnostics. */
export async function buildFixture(fixture: Fixture, sites: readonly Site[], check: boolean): Promise<Build> {
  const { 'tape.ts': tape, ...own } = callSites(sites);
  const taken = tape !== undefined && !check && !isHigherOrder(fixture);
  const sources = { ...fixture.sources, ...own, ...(taken ? { 'tape.ts': tape } : {}) };
  const compiled = compileAll(sources, check);
  const derivatives: Record<string, AnyFunction> = {};
  for (const name of ['reverse.ts', 'others.ts'])
    if (name in sources) Object.assign(derivatives, await compiled.load(name));
  const taped = 'tape.ts' in sources ? ((await compiled.load('tape.ts')) as Record<string, AnyFunction>) : {};
  return { compiled, derivatives, taped, input: await compiled.load('input.ts') };
}
function compileAll(sources: Sources, check: boolean): Compiled {
  const compiled = compileOnce(sources, { check });
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.code} ${d.message}`).join('\n'));
  return compiled;
}
/** The fixture's input.ts with the markers in it on the tape. */
export async function loadOnTape(fixture: Fixture): Promise<Record<string, unknown>> {
  const sources = { ...fixture.sources, 'input.ts': onTape(fixture.sources['input.ts']) };
  return compileAll(sources, false).load('input.ts');
}
const DERIVATIVES =
  /^import \{(?! (?:stopGradient|customJvp, customVjp|checkpoint|checkpointed|checkpoint, checkpointed|fixedPoint|implicit|fixedPoint, implicit|ravel) \} )[^}]*\} from 'adjoint'/m;
/** Functions that call markers themselves are compared with their compiled form: their own derivatives are still apart. */
export const takesDerivatives = (fixture: Fixture): boolean => DERIVATIVES.test(fixture.sources['input.ts']);

/** Fixtures about derivatives of derivatives, which a tape does not have. */
export const isHigherOrder = (fixture: Fixture): boolean => fixture.id.startsWith('higher/');

/** The functions of a fixture as the user would call them. */
export async function loadPlain(fixture: Fixture): Promise<Record<string, unknown>> {
  const plain = await loadPlainModules(fixture.sources, 'input.ts');
  if (plain.cases === undefined || !takesDerivatives(fixture)) return plain;
  const compiled = compileSources(fixture.sources);
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0)
    throw new Error(`${fixture.id}: ${errors.map((d) => `${d.code} ${d.message}`).join('; ')}`);
  return compiled.load('input.ts');
}
