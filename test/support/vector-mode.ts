/** Matrices of the functions of a fixture, whose columns are computed several in one run, against those of one run each. */
import { CHEAP_FORMS } from '@adjoint/compiler';
import * as markers from '../../packages/runtime/dist/index.js';
import * as internal from '../../packages/runtime/dist/internal.js';
import { describeArgs } from './checks.js';
import { type CompileOptions, compileSources, type Exports, loadModules, type Sources } from './compile.js';
import type { Fixture, FixtureCase, Site } from './fixture.js';
import type { AnyFunction } from './numeric.js';
import { bitDifference, cloneTree } from './tree.js';

/** Without functions for one tangent: left-over columns are computed by the function for several too. */
export const ALWAYS_IN_LANES: ReadonlyMap<string, Exports> = new Map<string, Exports>([
  ['adjoint', markers],
  ['adjoint/internal', { ...internal, inLanes: (f: never, count: number) => internal.inLanes(f, count) }],
]);

/** Each run carries one tangent. */
export const SINGLE = CHEAP_FORMS.filter((form) => form !== 'lanes');

/** What one build gives for each site; nothing for those that are refused. */
type Matrices = Readonly<Record<string, AnyFunction>>;

/** The Jacobian of each function of vectors, and of the gradient of each other one. */
export function matrixSources(sites: readonly Site[]): Sources {
  const imported = [...new Set(sites.map((s) => s.fn))].join(', ');
  const lines = sites.map(({ name, fn, vector, argnums }) => {
    const options = argnums ? `, { argnums: [${argnums.join(', ')}] }` : '';
    return `export const ${name} = jacfwd(${vector ? fn : `grad(${fn}${options})`}${options});`;
  });
  const head = `import { grad, jacfwd } from 'adjoint';\nimport { ${imported} } from './input.js';`;
  return { 'matrices.ts': `${head}\n${lines.join('\n')}\n` };
}

async function build(fixture: Fixture, sites: readonly Site[], options: CompileOptions): Promise<Matrices> {
  const compiled = compileSources({ ...fixture.sources, ...matrixSources(sites) }, options);
  if (!compiled.diagnostics.some((d) => d.severity === 'error'))
    return (await loadModules(compiled.outputs, 'matrices.ts', ALWAYS_IN_LANES)) as Matrices;
  if (sites.length === 1) return {};
  const each: Matrices[] = [];
  for (const site of sites) each.push(await build(fixture, [site], options));
  return Object.assign({}, ...each) as Matrices;
}

/** What differs, by call; `compared` counts the calls. */
export async function compareLanes(
  fixture: Fixture,
  sites: readonly Site[],
  check: boolean,
): Promise<{ readonly problems: Readonly<Record<string, string>>; readonly compared: number }> {
  const [lanes, single] = [
    await build(fixture, sites, { check }),
    await build(fixture, sites, { check, cheapForms: SINGLE }),
  ];
  const problems: Record<string, string> = {};
  let compared = 0;
  for (const site of sites) {
    const [f, g] = [lanes[site.name], single[site.name]];
    if ((f === undefined) !== (g === undefined)) problems[site.name] = 'one of the builds is refused';
    if (f === undefined || g === undefined) continue;
    for (const one of site.cases) {
      compared++;
      const different = bitDifference(outcomeOf(f, one), outcomeOf(g, one));
      if (different !== undefined) problems[`${site.name}(${describeArgs(one.args)})`] = different;
    }
  }
  return { problems, compared };
}

/** The matrix or what is thrown, and the arguments afterwards. */
function outcomeOf(f: AnyFunction, { args }: FixtureCase): unknown {
  const own = cloneTree(args);
  try {
    return { matrix: f(...own), args: own };
  } catch (error) {
    return { thrown: String(error), args: own };
  }
}
