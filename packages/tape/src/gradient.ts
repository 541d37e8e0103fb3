import { type Lifted, liftArgument, type Shape } from './arguments/lift.js';
import { rebuild } from './arguments/rebuild.js';
import type { GradientAt, Positions, PrimalArguments, TapedFunction } from './arguments/types.js';
import { describe } from './describe.js';
import { Tape, type TapeOptions } from './tape.js';
import { Var } from './var.js';

export interface GradientOptions<A> extends TapeOptions {
  /** Which arguments to differentiate in: a position, or a tuple of positions for a tuple of gradients. Default 0. */
  readonly argnums?: A;
}

/** A gradient, the function's value, and the scale that a tolerance for the gradient should be relative to. */
export interface ScaledGradient<G> {
  readonly value: number;
  readonly gradient: G;
  /** In the structure of the gradient: sums of absolute contributions, see `Tape.contributions`. */
  readonly scale: G;
}

/**
 * The function that gives the gradient of `f`. `f` is called with a `Var` for each number of the arguments named by
 * `argnums` (typed arrays become arrays), and with the other arguments as they are; it returns a `Var` or a number.
 * May be called recursively and from inside other taped functions; memory is kept between calls.
 */
export function gradient<F extends TapedFunction, const A extends Positions<Parameters<F>> = 0>(
  f: F,
  options?: GradientOptions<A>,
) {
  const run = recorder(f, options);
  return <T extends PrimalArguments<Parameters<F>, A>>(...args: T): GradientAt<T, A> =>
    run(args, (_value, collect, tape) => collect((variable) => tape.cotangent(variable)) as GradientAt<T, A>);
}

/** As `gradient`, with the value first: bitwise what `f` computes on plain numbers. */
export function valueAndGradient<F extends TapedFunction, const A extends Positions<Parameters<F>> = 0>(
  f: F,
  options?: GradientOptions<A>,
) {
  const run = recorder(f, options);
  return <T extends PrimalArguments<Parameters<F>, A>>(
    ...args: T
  ): [value: number, gradient: GradientAt<T, A>] =>
    run(args, (value, collect, tape) => [
      value,
      collect((variable) => tape.cotangent(variable)) as GradientAt<T, A>,
    ]);
}

/** As `valueAndGradient`, with the scale of the rounding errors; costs a second sweep. */
export function gradientAndScale<F extends TapedFunction, const A extends Positions<Parameters<F>> = 0>(
  f: F,
  options?: GradientOptions<A>,
) {
  const run = recorder(f, options);
  return <T extends PrimalArguments<Parameters<F>, A>>(...args: T): ScaledGradient<GradientAt<T, A>> =>
    run(args, (value, collect, tape) => ({
      value,
      gradient: collect((variable) => tape.cotangent(variable)) as GradientAt<T, A>,
      scale: collect((variable) => tape.contributions(variable)) as GradientAt<T, A>,
    }));
}

/** Reads a number for each variable and gives them the structure that `argnums` asks for. */
type Collect = (read: (variable: Var) => number) => unknown;

type Report<R> = (value: number, collect: Collect, tape: Tape) => R;

/**
 * Runs `f` on a tape, sweeps, and reports. One idle tape is kept; a call that finds it taken (because `f` calls the
 * same function again) makes its own, so no two activations ever share one.
 */
function recorder(f: TapedFunction, options: GradientOptions<unknown> = {}) {
  const { argnums, capacity } = options;
  const positions = positionsOf(argnums);
  let idle: Tape | undefined;
  return <R>(args: readonly unknown[], report: Report<R>): R => {
    const tape = idle ?? new Tape({ capacity });
    idle = undefined;
    try {
      const [value, shapes] = record(f, args, positions, tape);
      const collect: Collect = (read) => {
        const gradients = positions.map((position) => rebuild(shapes.get(position), read));
        return Array.isArray(argnums) ? gradients : gradients[0];
      };
      return report(value, collect, tape);
    } finally {
      tape.reset();
      idle = tape;
    }
  };
}

function record(
  f: TapedFunction,
  args: readonly unknown[],
  positions: readonly number[],
  tape: Tape,
): [value: number, shapes: Map<number, Shape>] {
  const lifted = liftArguments(tape, args, positions);
  const taped = args.map((argument, position) => {
    const replacement = lifted.get(position);
    return replacement === undefined ? argument : replacement.value;
  });
  const output: unknown = f(...(taped as never[]));
  const value = sweep(tape, output);
  return [value, new Map([...lifted].map(([position, { shape }]) => [position, shape]))];
}

/** An absent argument among several is skipped: it is an optional one. */
function liftArguments(
  tape: Tape,
  args: readonly unknown[],
  positions: readonly number[],
): Map<number, Lifted> {
  const lifted = new Map<number, Lifted>();
  for (const position of positions) {
    if (args[position] === undefined) continue;
    if (!lifted.has(position)) lifted.set(position, liftArgument(tape, args[position], position));
  }
  if (lifted.size === 0) {
    const wanted = positions.join(', ');
    throw new RangeError(`argnums names argument ${wanted}, but the call has ${args.length} arguments`);
  }
  return lifted;
}

function sweep(tape: Tape, output: unknown): number {
  if (typeof output === 'number') {
    tape.backward([], []);
    return output;
  }
  if (!(output instanceof Var)) {
    throw new TypeError(`the function must return a Var or a number, but it returned ${describe(output)}`);
  }
  if (output.tape !== tape) throw new TypeError('the function returned a Var of another tape');
  tape.backward(output);
  return output.value;
}

function positionsOf(argnums: unknown): readonly number[] {
  const positions: readonly unknown[] =
    argnums === undefined ? [0] : Array.isArray(argnums) ? argnums : [argnums];
  if (positions.length === 0) throw new RangeError('argnums names no argument');
  for (const position of positions) {
    if (!Number.isInteger(position) || (position as number) < 0) {
      throw new RangeError(`argnums must hold integers from 0 on, but it holds ${String(position)}`);
    }
  }
  return positions as readonly number[];
}
