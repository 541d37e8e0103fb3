/** What marker calls become: run the rewritten function on a tape, sweep, and give the gradient its structure. */
import { describe } from '../describe.js';
import { Var } from '../var.js';
import { Border } from './border.js';
import { Run, within } from './run.js';
import { outputShape, seedsOf } from './seeds.js';
import { rebuild, type Shape } from './shape.js';
import { attempt, type Twin, twinsOf } from './twins.js';
import { writeGradients } from './write.js';

/** A variable of the user's scope that the function may read, and assign if there is a way to. */
export type State = readonly [read: () => unknown, write?: (value: any) => void];

export interface Plan {
  /** Positions of the arguments to differentiate in; parameters for `vjp`. */
  readonly argnums: readonly number[];
  /** One gradient, not a tuple. */
  readonly single?: boolean;
  readonly accumulate?: boolean;
  /** Only these parts of the gradient are given. */
  readonly wrt?: readonly (readonly string[])[];
  /** The function returns `[loss, extra]`. */
  readonly aux?: boolean;
  /** Arguments whose types contain themselves: what is shared in them stays shared. */
  readonly recursive?: readonly number[];
  /** Arguments that are declared as numbers, with their names. */
  readonly numbers?: Readonly<Record<number, string>>;
  /** For `vjp`: number of parameters, and which is the rest parameter. */
  readonly parameters?: number;
  readonly rest?: number;
  readonly state?: () => readonly State[];
  readonly twins?: () => readonly Twin[];
}

type Taped = (...args: any[]) => any;
interface Evaluation {
  readonly run: Run;
  readonly shapes: readonly Shape[];
  /** As the function returned it, variables included. */
  readonly output: any;
  /** With numbers only. */
  readonly value: any;
}

/** Runs the function; the arguments are numbers again whichever way it ends. `read` sees the result before that. */
function evaluate<T>(
  f: Taped,
  plan: Plan,
  args: readonly any[],
  positions: readonly number[],
  read: (output: any) => T,
) {
  for (const [k, name] of Object.entries(plan.numbers ?? {}))
    if (typeof args[Number(k)] !== 'number')
      throw new TypeError(`adjoint: ${name} should be a number, but is ${describe(args[Number(k)])}`);
  const run = new Run(twinsOf(plan.twins));
  const border = new Border(run);
  const state = plan.state?.() ?? [];
  return within(run, (): Evaluation & { readonly seen: T } => {
    const finish = (root: unknown): any => {
      for (const arg of args) border.lower(arg);
      for (const variable of state) lowerState(border, variable);
      return border.lower(root);
    };
    try {
      for (const [variable] of state) border.passive(attempt(variable));
      const { values, shapes } = lift(border, plan, args, positions);
      const output = f(...values);
      const seen = read(output);
      for (const check of run.checks) check();
      const value = finish(output);
      rethrow(run);
      return { run, shapes, output, value, seen };
    } catch (error) {
      const thrown = finish(error);
      rethrow(run);
      throw thrown;
    } finally {
      border.restore();
    }
  });
}
/** What a helper or an operator has refused counts, also if the function has caught it. */
function rethrow(run: Run): void {
  const failure = run.failure ?? run.tape.misuse;
  if (failure !== undefined) throw failure;
}
function lowerState(border: Border, [read, write]: State): void {
  const value = attempt(read);
  const lowered = border.lower(value);
  if (lowered !== value) write?.(lowered);
}

function lift(border: Border, plan: Plan, args: readonly any[], positions: readonly number[]) {
  const values = [...args];
  const shapes: Shape[] = [];
  const name = (k: number) => `argument ${k}`;
  args.forEach((x, k) => {
    if (!positions.includes(k) && !isReference(x)) return;
    if (!positions.includes(k)) values[k] = border.passiveArgument(x, name(k));
  });
  for (const k of positions) {
    if (k >= args.length || shapes[k] !== undefined) continue;
    const lifted = border.lift(args[k], name(k), plan.recursive?.includes(k) ?? false);
    values[k] = lifted.value;
    shapes[k] = lifted.shape;
  }
  return { values, shapes };
}
const isReference = (x: unknown): boolean => typeof x === 'function' || (typeof x === 'object' && x !== null);

/** Runs a function that returns a number, or one before other things, and sweeps back from it. */
function differentiate(f: Taped, plan: Plan, args: readonly any[]): { value: any; gradients: any[] } {
  const lossOf = (output: any): any => (plan.aux ? output[0] : output);
  const { run, shapes, seen: output, value } = evaluate(f, plan, args, plan.argnums, lossOf);
  const loss = output instanceof Var ? output.value : output;
  if (typeof loss !== 'number')
    throw new TypeError(`adjoint: the function should return a number, but it returned ${typeof loss}`);
  if (output instanceof Var) run.tape.backward(output);
  else run.tape.backward([], []);
  const gradients = plan.argnums.map((k) => rebuild(shapes[k], (x) => run.tape.cotangent(x)));
  return { value, gradients };
}
function asAsked({ single, wrt }: Plan, gradients: readonly any[]): any {
  if (!single) return gradients;
  return wrt === undefined ? gradients[0] : partsOf(gradients[0], wrt);
}
/** The parts of a gradient at these paths, in objects that hold nothing else. */
function partsOf(gradient: any, paths: readonly (readonly string[])[]): any {
  const out: any = {};
  for (const path of paths) {
    const last = path.length - 1;
    let to = out;
    for (const key of path.slice(0, last)) to = to[key] ??= {};
    to[path[last]!] = path.reduce((from, key) => from?.[key], gradient);
  }
  return out;
}

export const grad = (f: Taped, plan: Plan, args: readonly any[]): any =>
  asAsked(plan, differentiate(f, plan, args).gradients);

export function valueAndGrad(f: Taped, plan: Plan, args: readonly any[]): any {
  const { value, gradients } = differentiate(f, plan, args);
  return [value, asAsked(plan, gradients)];
}

export function gradInto(f: Taped, plan: Plan, [out, ...args]: readonly any[]): any {
  const { value, gradients } = differentiate(f, plan, args);
  writeGradients(out, gradients, plan, args);
  return value;
}

export function vjp(f: Taped, plan: Plan, args: readonly any[]): any {
  const { rest, parameters = args.length } = plan;
  const count = rest === undefined ? parameters : Math.max(parameters - 1, args.length);
  const parameter = (k: number) => (rest !== undefined && k > rest ? rest : k);
  const all = Array.from({ length: count }, (_, k) => k);
  const positions = all.filter((k) => plan.argnums.includes(parameter(k)));
  const { run, shapes, value, seen } = evaluate(f, plan, args, positions, outputShape);
  const pull = (cotangent: any, read: (x: Var) => number): any[] => {
    const { outputs, seeds } = seedsOf(seen, cotangent);
    run.tape.backward(outputs, seeds);
    return all.map((k) => rebuild(shapes[k], read));
  };
  const pullback = (cotangent: any): any[] => pull(cotangent, (x) => run.tape.cotangent(x));
  // sums of absolute contributions: what a tolerance should be relative to
  pullback.contributions = (cotangent: any): any[] => pull(cotangent, (x) => run.tape.contributions(x));
  return [value, pullback];
}
