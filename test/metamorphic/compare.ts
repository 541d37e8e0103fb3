/** Values and gradients of a fixture before and after a transformation. */
import { cotangentOf } from '../support/checks.js';
import { compileSources, type Sources, typeCheck } from '../support/compile.js';
import {
  callSites,
  type Fixture,
  type FixtureCase,
  loadPlain,
  type Site,
  sitesOf,
} from '../support/fixture.js';
import { type AnyFunction, hashText } from '../support/numeric.js';
import { cloneTree, leafValues } from '../support/tree.js';
import { type Adapt, type Change, edited, Program, type Transformation } from './program.js';

/** What one call did: leaves of the value and of the gradients, or what was thrown. */
interface Result {
  readonly plain: Run;
  readonly derived: Run;
}
type Run =
  | { readonly leaves: readonly number[]; readonly gradient: readonly number[] }
  | { readonly thrown: string };

/** A fixture, with what it gives untransformed, where that was asked for. */
export class Original {
  private program: Program | undefined;
  private results: Promise<Map<string, Result>> | undefined;

  private constructor(
    readonly fixture: Fixture,
    readonly sites: readonly Site[],
  ) {}

  static async load(fixture: Fixture): Promise<Original> {
    return new Original(fixture, sitesOf(await loadPlain(fixture)));
  }
  /** The change that a transformation makes, if it applies. */
  change(t: Transformation): Change | undefined {
    this.program ??= new Program(this.fixture.sources, [...new Set(this.sites.map((s) => s.fn))]);
    return t.apply(this.program);
  }
  async run(baseline: Adapt | undefined): Promise<Map<string, Result>> {
    if (baseline !== undefined) return resultsOf(this.fixture.sources, this.sites, baseline);
    this.results ??= resultsOf(this.fixture.sources, this.sites);
    return this.results;
  }
}

export interface Outcome {
  /** What the compiler refuses now. */
  readonly refused: readonly string[];
  readonly problems: readonly string[];
}

/** Compares an original with its transformed form. */
export async function compare(original: Original, change: Change): Promise<Outcome> {
  const { fixture, sites } = original;
  const input = edited(fixture.sources['input.ts'], change.edits);
  const sources = { ...fixture.sources, ...change.files, 'input.ts': input };
  const before = await original.run(change.baseline);
  let after: Map<string, Result>;
  try {
    after = await resultsOf(sources, sites, change.adapt);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const wrong = typeCheck(sources);
    if (wrong.length > 0) return { refused: [], problems: [`not a program any more: ${wrong.join('; ')}`] };
    return { refused: error.why, problems: [] };
  }
  const problems = [...before].flatMap(([name, was]) => {
    const is = after.get(name);
    return is ? difference(was, is, change).map((d) => `${name}: ${d}`) : [`${name} is gone`];
  });
  return { refused: [], problems };
}

class Refused extends Error {
  constructor(readonly why: readonly string[]) {
    super(why.join('\n'));
  }
}

async function resultsOf(
  sources: Sources,
  sites: readonly Site[],
  adapt: Adapt = (_, args) => [...args],
): Promise<Map<string, Result>> {
  const { 'reverse.ts': reverse } = callSites(sites);
  const all = "export * from './input.js';\nexport * from './reverse.js';\n";
  const compiled = compileSources({ ...sources, 'reverse.ts': reverse, 'all.ts': all });
  const errors = compiled.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Refused([...new Set(errors.map((d) => `${d.code} ${d.message}`))]);
  const [plain, derived] = [await compiled.load('input.ts'), await compiled.load('all.ts')];
  const results = new Map<string, Result>();
  for (const site of sites)
    for (const one of site.cases) {
      const args = (from: Record<string, unknown>) => adapt(site.fn, cloneTree(argsOf(from, site, one)));
      results.set(`${site.name} #${indexOf(site, one)}`, {
        plain: attempt(() => [(plain[site.fn] as AnyFunction)(...args(plain)), []]),
        derived: attempt(() => derivative(site, derived, args(derived))),
      });
    }
  return results;
}
const indexOf = (site: Site, one: FixtureCase): number => site.cases.indexOf(one);
/** The arguments of a case as another instance of the module has them: its objects are of its own classes. */
function argsOf(module: Record<string, unknown>, site: Site, one: FixtureCase): readonly unknown[] {
  const cases = module.cases as FixtureCase[] | Record<string, FixtureCase[]>;
  const own = (Array.isArray(cases) ? cases : cases[site.fn]).filter(
    (c) => (c.argnums?.join() ?? '') === (site.argnums?.join() ?? ''),
  );
  return own[indexOf(site, one)].args;
}

function derivative(
  site: Site,
  module: Record<string, unknown>,
  args: readonly unknown[],
): [unknown, unknown] {
  if (!site.vector)
    return (module[`${site.name}_valueAndGrad`] as AnyFunction)(...args) as [unknown, unknown];
  const [value, pullback] = (module[`${site.name}_vjp`] as AnyFunction)(...args) as [unknown, AnyFunction];
  const leaves = cloneTree(value);
  return [leaves, pullback(cotangentOf(value, hashText(site.name)))];
}
function attempt(run: () => [unknown, unknown]): Run {
  try {
    const [value, gradient] = run();
    return { leaves: leafValues(value), gradient: leafValues(gradient) };
  } catch (error) {
    return { thrown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function difference(was: Result, is: Result, { mayThrow }: Change): string[] {
  if ('thrown' in is.derived) {
    if (mayThrow?.test(is.derived.thrown) || 'thrown' in was.derived) return [];
    return [`throws ${is.derived.thrown}`];
  }
  if ('thrown' in was.derived) return [`throws no longer ${was.derived.thrown}`];
  const same =
    !('thrown' in was.plain) && !('thrown' in is.plain) && equal(was.plain.leaves, is.plain.leaves, 0);
  if (!same) return ['the transformed function gives something else'];
  const problems: string[] = [];
  if (!equal(was.derived.leaves, is.derived.leaves, 0))
    problems.push(`value ${is.derived.leaves.join()} instead of ${was.derived.leaves.join()}`);
  if (!equal(was.derived.gradient, is.derived.gradient, 1e-12))
    problems.push(`gradient ${is.derived.gradient.join()} instead of ${was.derived.gradient.join()}`);
  return problems;
}
/** Equal within a tolerance relative to the largest number. */
function equal(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  const scale = Math.max(1, ...a.filter(Number.isFinite).map(Math.abs));
  return (
    a.length === b.length &&
    a.every((x, k) => Object.is(x, b[k]) || x === b[k] || Math.abs(x - b[k]) <= tolerance * scale)
  );
}
