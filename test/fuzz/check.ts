/** Compiles random programs in batches and checks their derivatives. */
import { runInThisContext } from 'node:vm';
import {
  type Agreement,
  checkForward,
  checkGradForms,
  checkPullback,
  checkValueAndGrad,
  compareLeaves,
  cotangentOf,
  dotProduct,
  isFusedInside,
  positions,
  type Subject,
  tangentsOf,
} from '../support/checks.js';
import {
  type AdjointDiagnostic,
  type Compiled,
  compileSources,
  type Exports,
  loadPlainModules,
} from '../support/compile.js';
import { type AnyFunction, directionalCurve, directionalDifferences, dot } from '../support/numeric.js';
import { checkAgainstTape } from '../support/tape.js';
import { leafValues } from '../support/tree.js';
import type { Program } from './ast.js';
import { Sighting } from './coverage.js';
import {
  type Allowed,
  checkGeneral,
  formsIn,
  type GeneralCode,
  generalCalls,
  generalIn,
  loadGeneral,
} from './forms.js';
import { type Magnitude, magnitudeOf } from './magnitude.js';
import { isBeyondDifferences, type Rendered, render } from './render.js';
import { fromReset, StateWatch, stateAfter } from './state.js';
import { checkThrown } from './thrown.js';
import { activePositions, makeArguments } from './values.js';

export type Outcome =
  /** `differences`: directions in which differences could confirm the gradient. */
  | { readonly kind: 'ok'; readonly differences: number; readonly finite: boolean }
  | { readonly kind: 'refused'; readonly codes: readonly string[]; readonly message: string }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | { readonly kind: 'crash'; readonly message: string };
export interface BatchOptions {
  readonly check: boolean;
  /** Differentiates the gradients too. */
  readonly twice?: boolean;
  /** Compares with code that may use these cheap forms only. */
  readonly forms?: readonly Allowed[];
  /** Looks at what the compiler makes of the programs. */
  readonly observe?: boolean;
}
export interface Checked {
  readonly program: Program;
  readonly rendered: Rendered;
  readonly outcome: Outcome;
  readonly sighting?: Sighting | undefined;
}

const TIME_LIMIT = 5000;
const FORWARD = 1e-9;
const DIFFERENCE_STEPS = [1e-3, 2e-4, 4e-5];
const SEED = 12345;
const DIFFERENCES = 'differences';
/** Beside larger intermediate numbers the steps of the differences may be lost to rounding. */
const LARGEST_TRUSTED = 1e10;

/** The module that is compiled for a program: its functions and the call sites. `twice`: its gradient is differentiated too. */
export function moduleOf(program: Program, rendered: Rendered, twice = false): string {
  const markers = program.vector ? ['jvp', 'vjp'] : ['grad', 'gradInto', 'jvp', 'valueAndGrad', 'vjp'];
  const options = `{ argnums: [${activePositions(program).join(', ')}] }`;
  const lines = [
    `import { ${markers.join(', ')} } from 'adjoint';`,
    rendered.source,
    'export const f_jvp = jvp(f);',
    'export const f_vjp = vjp(f);',
    "export const f_tape_vjp = vjp(f, { backend: 'tape' });",
  ];
  if (!program.vector)
    lines.push(
      `export const f_valueAndGrad = valueAndGrad(f, ${options});`,
      `export const f_grad = grad(f, ${options});`,
      `export const f_gradInto = gradInto(f, ${options});`,
    );
  if ((twice || program.twice) && isTwice(program, rendered)) {
    const gradient = `grad(f, ${options})`;
    lines.push(
      `export const g = f_grad;`,
      `export const g_jvp = jvp(${gradient});`,
      `export const g_vjp = vjp(${gradient});`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** A derivative of a derivative leaves the module alone and has no map or type that contains itself, or is refused (AD1010). */
const isTwice = (program: Program, { source }: Rendered): boolean =>
  !program.vector &&
  program.state.length === 0 &&
  !/\b(Map|Set|Record)<|Object\.fromEntries|type Cell/.test(source);

/** Checks programs together: one type-checked program, one module each. */
export async function checkBatch(programs: readonly Program[], options: BatchOptions): Promise<Checked[]> {
  const { check, twice, forms = [] } = options;
  const rendered = programs.map(render);
  const sources = Object.fromEntries(
    programs.map((p, i) => [fileOf(i), moduleOf(p, rendered[i], twice)] as const),
  );
  const sightings = options.observe ? programs.map(() => new Sighting()) : [];
  const observe = options.observe && {
    observe: (file: string) => sightings[Number(/\d+/.exec(file)?.[0])].observe,
  };
  const settings = { check, keepGoing: true, ...observe };
  // one function in all forms: what does not depend on them is found out once
  const together = Object.fromEntries(
    programs.map((p, i) => [
      fileOf(i),
      [sources[fileOf(i)], ...generalCalls(p, forms.length), ''].join('\n'),
    ]),
  );
  const compiled = compileSources(together, { ...settings, formOf: formsIn(forms) });
  // what cannot be compiled in one of the forms is in no other's way
  const failed = programs.map((_, i) => fileOf(i)).filter((file) => !isCompiled(compiled, file));
  const alone = compileSources(Object.fromEntries(failed.map((file) => [file, sources[file]])), settings);
  const isFailed = new Set(failed);
  const attempts = programs.map((program, i): Attempt => {
    const file = fileOf(i);
    return { program, rendered: rendered[i], file, source: sources[file], forms, check: check === true };
  });
  // all at once: another process takes the types out
  const modules = attempts.map((attempt): Outcome | Promise<Modules> =>
    isFailed.has(attempt.file)
      ? (refusalOf(attempt, alone) ?? loadAlone(attempt, alone))
      : loadTogether(attempt, compiled),
  );
  await Promise.allSettled(modules);
  const results: Checked[] = [];
  for (const [i, attempt] of attempts.entries()) {
    const { program, rendered } = attempt;
    const found = modules[i];
    const outcome = found instanceof Promise ? await outcomeOfLoaded(attempt, found) : found;
    results.push({ program, rendered, outcome, sighting: sightings[i] });
  }
  return results;
}
const fileOf = (i: number): string => `p${i}.ts`;
const errorsIn = (compiled: Compiled, file: string): AdjointDiagnostic[] =>
  compiled.diagnostics.filter((d) => d.severity === 'error' && d.file.endsWith(`/${file}`));
const isCompiled = (compiled: Compiled, file: string): boolean =>
  !compiled.crashes.has(file) && errorsIn(compiled, file).length === 0;

/** A program that was compiled, or could not be. */
interface Attempt {
  readonly program: Program;
  readonly rendered: Rendered;
  readonly file: string;
  readonly source: string;
  readonly forms: readonly Allowed[];
  readonly check: boolean;
}

interface Modules {
  readonly plain: Exports;
  readonly loaded: Exports;
  readonly general: readonly GeneralCode[];
}
const loadPlain = ({ file, source }: Attempt): Promise<Exports> => loadPlainModules({ [file]: source }, file);
async function loadTogether(attempt: Attempt, compiled: Compiled): Promise<Modules> {
  const { program, file, forms } = attempt;
  const [plain, loaded] = await Promise.all([loadPlain(attempt), compiled.load(file)]);
  return { plain, loaded, general: generalIn(program, forms, loaded) };
}
async function loadAlone(attempt: Attempt, compiled: Compiled): Promise<Modules> {
  const { program, rendered, file, forms } = attempt;
  const general = loadGeneral(program, rendered, forms);
  const [plain, loaded] = await Promise.all([loadPlain(attempt), compiled.load(file)]);
  return { plain, loaded, general: await general };
}

/** Why a program was not compiled. */
function refusalOf({ file, source }: Attempt, compiled: Compiled): Outcome | undefined {
  const crash = compiled.crashes.get(file);
  if (crash !== undefined)
    return { kind: 'crash', message: `compiler: ${crash.stack ?? crash}`.slice(0, 800) };
  const errors = errorsIn(compiled, file);
  if (errors.length === 0) return undefined;
  const place = (start: number, length: number) => source.slice(start, start + length).split('\n')[0];
  const message = errors.map((d) => `${d.code} ${d.message} at: ${place(d.start, d.length)}`).join('\n');
  // an internal error is never an honest refusal
  if (errors.some((d) => d.code === 'AD7001')) return { kind: 'crash', message };
  return { kind: 'refused', codes: [...new Set(errors.map((d) => d.code))], message };
}

async function outcomeOfLoaded(
  { program, rendered, file, source, check }: Attempt,
  modules: Promise<Modules>,
): Promise<Outcome> {
  try {
    const { plain, loaded, general } = await modules;
    const outcome = limited(() => {
      const watch = new StateWatch(loaded, stateAfter(plain, makeArguments(program)));
      const stopped = isBeyondDifferences(rendered);
      const agreement = isFusedInside(source, check) ? 'rounded' : 'zeros';
      return judge({ program, f: fromReset(plain), watch, general, stopped, agreement });
    });
    if (outcome.kind !== 'wrong') return outcome;
    const magnitude = await magnitudeOf(source, file, makeArguments(program));
    const lost = outcome.problems.every((problem) => isLost(problem, magnitude));
    return lost ? { kind: 'ok', differences: 0, finite: true } : outcome;
  } catch (error) {
    return { kind: 'crash', message: `${(error as Error).stack ?? error}`.slice(0, 800) };
  }
}

/**
 * Whether a problem says nothing about the derivative: differences beside a huge number, or a tangent that is not a number
 * behind one that overflowed (reverse mode never comes there where the result does not depend on it).
 */
const isLost = (problem: string, { largest, overflow }: Magnitude): boolean =>
  problem.startsWith(DIFFERENCES)
    ? largest > LARGEST_TRUSTED
    : overflow && problem.startsWith('jvp: tangent 0 is NaN');

/** Emitted code may fail to end; a timer of the virtual machine stops it. */
function limited(run: () => Outcome): Outcome {
  const place = globalThis as { fuzzRun?: () => Outcome };
  place.fuzzRun = run;
  try {
    return runInThisContext('fuzzRun()', { timeout: TIME_LIMIT }) as Outcome;
  } finally {
    place.fuzzRun = undefined;
  }
}

/** What is compared for one program. */
interface Case {
  readonly program: Program;
  readonly f: AnyFunction;
  readonly watch: StateWatch;
  readonly general: readonly GeneralCode[];
  /** Differences are no oracle. */
  readonly stopped: boolean;
  /** As of `Subject`, of the derivative. */
  readonly agreement: Agreement;
}

function judge({ program, f, watch, general, stopped, agreement }: Case): Outcome {
  const { derivatives } = watch;
  const subject: Subject = { f, args: makeArguments(program), argnums: activePositions(program) };
  const thrown = checkThrown(subject, derivatives);
  if (thrown !== undefined) return outcomeOf([...thrown, ...new Set(watch.problems)], 0, false);
  const pulled = checkPullback(subject, derivatives.f_vjp, SEED);
  const problems = [...pulled.problems];
  const cotangent = leafValues(cotangentOf(pulled.value, SEED));
  const finite =
    leafValues(pulled.value).every(Number.isFinite) && leafValues(pulled.gradient).every(Number.isFinite);
  if (!program.vector) {
    const outcome = checkValueAndGrad(subject, derivatives.f_valueAndGrad);
    problems.push(...outcome.problems);
    const { f_grad: grad, f_gradInto: gradInto } = derivatives;
    problems.push(...checkGradForms(subject, outcome, { grad, gradInto }));
    if (finite) {
      const scaled = leafValues(outcome.gradient).map((g) => ({ value: g * cotangent[0], error: 0 }));
      problems.push(...compareLeaves('vjp against gradient', pulled.gradient, scaled, FORWARD));
      problems.push(...checkForward(subject, derivatives.f_jvp, SEED, dotProduct(outcome.gradient, FORWARD)));
    }
  } else problems.push(...checkVectorForward(subject, derivatives.f_jvp, pulled.gradient, cotangent, finite));
  if (derivatives.g !== undefined && finite)
    problems.push(...checkTwice({ ...subject, agreement }, derivatives, stopped));
  if (finite)
    problems.push(
      ...checkAgainstTape(subject, 'f', { f_vjp: derivatives.f_tape_vjp }, derivatives.f_vjp, true),
    );
  if (finite) for (const code of general) problems.push(...checkGeneral(program, subject, watch, code));
  const found =
    finite && !stopped
      ? checkDifferences(subject, pulled.gradient, cotangent)
      : { problems: [], confirmed: 0 };
  problems.push(...found.problems, ...new Set(watch.problems));
  return outcomeOf(problems, found.confirmed, finite);
}
const outcomeOf = (problems: readonly string[], differences: number, finite: boolean): Outcome =>
  problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'ok', differences, finite };

/** The gradient as a function of its own: its pullback, forward mode, and its differences. */
function checkTwice(
  subject: Subject,
  { g, g_jvp, g_vjp }: Record<string, AnyFunction>,
  stopped: boolean,
): string[] {
  const gradient: Subject = { ...subject, f: g };
  const pulled = checkPullback(gradient, g_vjp, SEED);
  const cotangent = leafValues(cotangentOf(pulled.value, SEED));
  const all = [...leafValues(pulled.value), ...leafValues(pulled.gradient)];
  const finite = all.every(Number.isFinite);
  const forward = checkVectorForward(gradient, g_jvp, pulled.gradient, cotangent, finite);
  const found = finite && !stopped ? checkDifferences(gradient, pulled.gradient, cotangent).problems : [];
  return [...pulled.problems, ...forward, ...found].map((p) => `${p} (second order)`);
}

/** `<cotangent, J t> = <J' cotangent, t>` for results that are arrays. */
function checkVectorForward(
  subject: Subject,
  jvp: AnyFunction,
  gradient: readonly unknown[],
  cotangent: readonly number[],
  finite: boolean,
): string[] {
  const { tangents, flat } = tangentsOf(subject, SEED);
  const [, tangent] = jvp([...structuredClone(subject.args)], tangents) as [unknown, unknown];
  if (!finite) return [];
  const left = dot(leafValues(tangent), cotangent);
  const right = dot(leafValues(gradient), flat);
  const slack = FORWARD * Math.max(left.scale, right.scale, 1e-3);
  if (Math.abs(left.value - right.value) <= slack) return [];
  return [`dot product: forward ${left.value}, reverse ${right.value}`];
}

/**
 * Whether the slopes on the two sides differ: a tie, or a branch at this very point. The gap must be able to explain what is
 * `missing`, and stay when the step gets smaller, as that of a smooth function does not.
 */
function isKink(curve: (t: number) => readonly number[] | undefined, missing: number): boolean {
  const gap = (h: number): number => {
    const [before, here, after] = [-h, 0, h].map((t) => curve(t)?.[0] ?? Number.NaN);
    return Math.abs((after - here) / h - (here - before) / h);
  };
  const near = gap(1e-6);
  return near > 0.5 * missing && near > 0.5 * gap(1e-5);
}

/**
 * Whether closer neighbours say what the differences say too, and not what the gradient says: all steps of the differences may
 * come to the same other path, beside a switch over the digits of a large number.
 */
function isConfirmed(
  curve: (t: number) => readonly number[] | undefined,
  difference: number,
  gradient: number,
): boolean {
  const at = (t: number): number => curve(t)?.[0] ?? Number.NaN;
  const near = [1e-5, 1e-6, 1e-7].map((h) => (at(h) - at(-h)) / (2 * h));
  return near.filter((d) => Math.abs(d - gradient) <= Math.abs(d - difference)).length < 2;
}

/** Differences along random directions and along single leaves, wherever they are sure of themselves. */
function checkDifferences(
  subject: Subject,
  gradient: readonly unknown[],
  cotangent: readonly number[],
): { problems: string[]; confirmed: number } {
  const flat = leafValues(gradient);
  // at exactly zero `x && y` and its kin take a path that no neighbour takes
  if (leafValues(subject.args).includes(0)) return { problems: [], confirmed: 0 };
  const directions = [tangentsOf(subject, SEED).flat, tangentsOf(subject, SEED + 1).flat];
  for (let i = 0; i < flat.length && directions.length < 5; i += 1 + Math.floor(flat.length / 3))
    directions.push(flat.map((_, k) => (k === i ? 1 : 0)));
  const problems: string[] = [];
  let confirmed = 0;
  const plainValue = dot(leafValues(subject.f(...structuredClone(subject.args))), cotangent).value;
  for (const direction of directions) {
    const weighted: AnyFunction = (...args) => dot(leafValues(subject.f(...args)), cotangent).value;
    const [estimate] = directionalDifferences(
      weighted,
      subject.args,
      positions(subject),
      direction,
      DIFFERENCE_STEPS,
    );
    const { value, scale } = dot(flat, direction);
    const size = Math.max(scale, Math.abs(estimate?.value ?? 0), 1e-2);
    // differences of a huge value, or of a function as steep as a chaotic one, are lost to rounding
    const trusted = Math.abs(plainValue) < 1e6 * size && size < 1e5;
    if (estimate === undefined || !(estimate.error <= 1e-6 * size) || !trusted) continue;
    confirmed++;
    const missing = Math.abs(estimate.value - value);
    if (missing <= 1e-4 * size + 10 * estimate.error) continue;
    const curve = directionalCurve(weighted, subject.args, positions(subject), direction);
    if (!isKink(curve, missing) && isConfirmed(curve, estimate.value, value))
      problems.push(`${DIFFERENCES} ${estimate.value} (error ${estimate.error}), gradient ${value}`);
  }
  return { problems, confirmed };
}
