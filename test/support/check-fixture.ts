/** All numeric checks of one case of a fixture. */
import {
  checkForward,
  checkGradForms,
  checkPullback,
  checkValueAndGrad,
  compareLeaves,
  cotangentOf,
  differentiated,
  dotProduct,
  positions,
  type Subject,
} from './checks.js';
import type { Build, FixtureCall, FixtureCase, Site } from './fixture.js';
import { type AnyFunction, type Estimate, hashText, jacobianByDifferences } from './numeric.js';
import { checkAgainstTape, checkTapeForms } from './tape.js';
import { cloneTree, leafValues, withLeaves } from './tree.js';

const EXACT = 1e-12;
const DIFFERENCES = 1e-6;
/** Linear in the cotangent and the same partials: only the order of products may differ. */
const ROUNDING = 1e-10;

export function checkCase(f: AnyFunction, site: Site, one: FixtureCase, build: Build): string[] {
  const subject: Subject = { f, args: one.args, argnums: site.argnums };
  return site.vector ? checkVector(subject, site, one, build) : checkScalar(subject, site, one, build);
}

/** The tape gives the same, and has all properties of a derivative itself. */
export function checkOnTape(
  f: AnyFunction,
  site: Site,
  one: FixtureCase,
  { taped, derivatives }: Build,
): string[] {
  const subject: Subject = { f, args: one.args, argnums: site.argnums };
  const problems = checkAgainstTape(subject, site.name, taped, derivatives[`${site.name}_vjp`]);
  if (!site.vector) problems.push(...checkTapeForms(subject, site.name, taped));
  return problems;
}

function checkScalar(subject: Subject, site: Site, one: FixtureCase, build: Build): string[] {
  const { derivatives } = build;
  const seed = hashText(site.name);
  const outcome = checkValueAndGrad(subject, derivatives[`${site.name}_valueAndGrad`]);
  const problems = [...outcome.problems];
  problems.push(...checkOracle(subject, one, outcome.gradient));
  problems.push(
    ...checkGradForms(subject, outcome, {
      grad: derivatives[`${site.name}_grad`],
      gradInto: derivatives[`${site.name}_gradInto`],
    }),
  );
  const pulled = checkPullback(subject, derivatives[`${site.name}_vjp`], seed);
  problems.push(...pulled.problems);
  const cotangent = cotangentOf(pulled.value, seed) as number;
  const scaled = leafValues(outcome.gradient).map((g) => ({ value: g === 0 ? 0 : g * cotangent, error: 0 }));
  problems.push(...compareLeaves('pullback', pulled.gradient, scaled, float32(subject) ? 1e-6 : ROUNDING));
  const tolerance = float32(subject) ? 1e-6 : ROUNDING;
  problems.push(
    ...checkForward(subject, derivatives[`${site.name}_jvp`], seed, dotProduct(outcome.gradient, tolerance)),
  );
  return problems;
}

function checkVector(subject: Subject, site: Site, one: FixtureCase, build: Build): string[] {
  const seed = hashText(site.name);
  const tolerance = one.tol ?? DIFFERENCES;
  const jacobian = jacobianByDifferences(subject.f, subject.args, positions(subject));
  const pulled = checkPullback(subject, build.derivatives[`${site.name}_vjp`], seed);
  const problems = [...pulled.problems];
  const cotangent = leafValues(cotangentOf(pulled.value, seed));
  const columns = leafValues(differentiated(subject)).length;
  const wanted = Array.from({ length: columns }, (_, j) =>
    combine(
      jacobian.map((row) => row[j]),
      cotangent,
    ),
  );
  problems.push(...compareLeaves('pullback', pulled.gradient, wanted, tolerance));
  const tangent = (tangents: readonly number[]) =>
    jacobian.map((row) => {
      const { value, error } = combine(row, tangents);
      const size = row.reduce((sum, e, j) => sum + Math.abs(e.value * tangents[j]), 0);
      return { value, slack: tolerance * size + 2 * error + 1e-9 };
    });
  problems.push(...checkForward(subject, build.derivatives[`${site.name}_jvp`], seed, tangent));
  return problems;
}
function combine(estimates: readonly Estimate[], weights: readonly number[]): Estimate {
  return estimates.reduce(
    (sum, e, i) => ({
      value: sum.value + e.value * weights[i],
      error: sum.error + e.error * Math.abs(weights[i]),
    }),
    { value: 0, error: 0 },
  );
}

/** Hand-worked values where the fixture states them, else differences. */
function checkOracle(subject: Subject, one: FixtureCase, gradient: readonly unknown[]): string[] {
  const problems: string[] = [];
  if (one.accept !== undefined && !one.accept(leafValues(gradient)))
    problems.push(`not accepted: ${leafValues(gradient).join(', ')}`);
  if (one.expected !== undefined) {
    const wanted = leafValues(one.expected).map((value) => ({ value, error: 0 }));
    return [...problems, ...compareLeaves('gradient', gradient, wanted, one.tol ?? EXACT)];
  }
  if (one.fd === false) {
    if (one.accept === undefined) problems.push('fd: false needs expected or accept');
    return problems;
  }
  const [row] = jacobianByDifferences(subject.f, subject.args, positions(subject));
  return [...problems, ...unusable(row), ...compareLeaves('gradient', gradient, row, one.tol ?? DIFFERENCES)];
}
/** An oracle that does not know is a mistake of the fixture. */
export function unusable(row: readonly Estimate[]): string[] {
  const top = row.reduce((m, e) => Math.max(m, Math.abs(e.value)), 1);
  return row.flatMap((e, i) =>
    e.error <= 1e-4 * top
      ? []
      : [`differences are unsure at leaf ${i} (error ${e.error}): state the gradient`],
  );
}
function float32(subject: Subject): boolean {
  return subject.args.some((arg) => holdsFloat32(arg));
}
function holdsFloat32(value: unknown): boolean {
  if (value instanceof Float32Array) return true;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Object.values(value).some(holdsFloat32);
}

/** A function with markers inside, called in its compiled form. */
export function checkCall(f: AnyFunction, call: FixtureCall): string[] {
  const got = f(...cloneTree(call.args));
  const wanted = leafValues(call.returns).map((value) => ({ value, error: 0 }));
  return compareLeaves('result', got, wanted, call.tol ?? EXACT);
}
/** Stand-in outcome for a fixture that runs without the compiler: the oracle must be usable. */
export function checkOracleOf(f: AnyFunction, site: Site, one: FixtureCase): string[] {
  const subject: Subject = { f, args: one.args, argnums: site.argnums };
  if (site.vector)
    return jacobianByDifferences(f, one.args, positions(subject)).flatMap((row) => unusable(row));
  const stated = one.expected ?? withLeaves(differentiated(subject), () => 0);
  const problems: string[] = [];
  if (leafValues(stated).length !== leafValues(differentiated(subject)).length)
    problems.push('expected has other leaves than the arguments');
  if (one.fd === false) return problems;
  const [row] = jacobianByDifferences(f, one.args, positions(subject));
  if (one.expected === undefined) return [...problems, ...unusable(row)];
  // a stated gradient must agree with differences as far as those are sure of themselves
  return [...problems, ...compareLeaves('expected', one.expected, row, one.tol ?? DIFFERENCES)];
}

/** What a check throws is a problem like others. */
export function attempt(run: () => string[]): string[] {
  try {
    return run();
  } catch (error) {
    return [`threw ${(error as Error).stack ?? error}`.slice(0, 600)];
  }
}
