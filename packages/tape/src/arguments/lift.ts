import { describe } from '../describe.js';
import type { Tape } from '../tape.js';
import { Var } from '../var.js';

/**
 * Where the variables of an argument stand: a `Var` for a number, `undefined` for what is not numeric. It shares no
 * array with what the function is given, which the function may change.
 */
export type Shape = Var | undefined | Branch;

type Branch =
  | { readonly kind: 'numbers'; readonly container: NumberContainer; readonly variables: readonly Var[] }
  | { readonly kind: 'array'; readonly items: readonly Shape[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, shape: Shape])[] };

export type NumberContainer = 'array' | 'Float64Array' | 'Float32Array';

export interface Lifted {
  /** A copy of the argument with a variable for each number. */
  readonly value: unknown;
  readonly shape: Shape;
}

/** The way from the argument to a value, innermost step first; its holders are what a cycle would come back to. */
interface Place {
  readonly key: string | number;
  readonly holder: object | undefined;
  readonly parent: Place | undefined;
}

/**
 * Makes a variable for each number of an argument. A number that can be reached in two ways becomes two variables.
 * Strings, functions, integer arrays and the like are passed on as they are.
 */
export function liftArgument(tape: Tape, argument: unknown, position: number): Lifted {
  const lifted = lift(tape, argument, { key: position, holder: undefined, parent: undefined });
  if (!hasNumericPlace(lifted.shape)) {
    throw new TypeError(
      `argument ${position} has no number to differentiate in: it is ${describe(argument)}`,
    );
  }
  return lifted;
}

function lift(tape: Tape, value: unknown, place: Place): Lifted {
  if (typeof value === 'number') {
    const variable = tape.variable(value);
    return { value: variable, shape: variable };
  }
  if (typeof value !== 'object' || value === null) return { value, shape: undefined };
  if (value instanceof Float64Array) return liftNumbers(tape, value, 'Float64Array');
  if (value instanceof Float32Array) return liftNumbers(tape, value, 'Float32Array');
  if (ArrayBuffer.isView(value)) return { value, shape: undefined };
  refuseCycle(value, place);
  if (Array.isArray(value)) return liftArray(tape, value, place);
  return liftObject(tape, value, place);
}

function liftNumbers(tape: Tape, values: ArrayLike<number>, container: NumberContainer): Lifted {
  const variables = tape.variables(values);
  return { value: variables, shape: { kind: 'numbers', container, variables: variables.slice() } };
}

function liftArray(tape: Tape, values: readonly unknown[], place: Place): Lifted {
  if (isNumbers(values)) return liftNumbers(tape, values, 'array');
  const lifted = Array.from(values, (value, key) =>
    lift(tape, value, { key, holder: values, parent: place }),
  );
  return {
    value: lifted.map((each) => each.value),
    shape: { kind: 'array', items: lifted.map((each) => each.shape) },
  };
}

function liftObject(tape: Tape, value: object, place: Place): Lifted {
  if (value instanceof Var) {
    throw new TypeError(
      `${pathOf(place)} is a Var: a gradient cannot be taped itself; pass primal(x) instead`,
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError(
      `${pathOf(place)} is ${describe(value)}: only numbers, arrays, Float64Array, Float32Array and plain objects can be differentiated in`,
    );
  }
  const values: [string, unknown][] = [];
  const fields: [string, Shape][] = [];
  for (const key of Object.keys(value)) {
    const inner: Place = { key, holder: value, parent: place };
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor?.get !== undefined || descriptor?.set !== undefined) {
      throw new TypeError(
        `${pathOf(inner)} is an accessor: its value would be cut off from what it is computed from`,
      );
    }
    const lifted = lift(tape, descriptor?.value, inner);
    values.push([key, lifted.value]);
    fields.push([key, lifted.shape]);
  }
  return { value: Object.fromEntries(values), shape: { kind: 'object', fields } };
}

/** A loop, since `every` skips holes, and a hole is not a number. */
function isNumbers(values: readonly unknown[]): values is readonly number[] {
  for (let k = 0; k < values.length; k++) if (typeof values[k] !== 'number') return false;
  return true;
}

/** An empty list of numbers is a numeric place: its gradient is an empty list. */
function hasNumericPlace(shape: Shape): boolean {
  if (shape === undefined) return false;
  if (shape instanceof Var) return true;
  if (shape.kind === 'numbers') return true;
  if (shape.kind === 'array') return shape.items.some(hasNumericPlace);
  return shape.fields.some(([, inner]) => hasNumericPlace(inner));
}

function refuseCycle(value: object, place: Place): void {
  for (let outer: Place | undefined = place; outer !== undefined; outer = outer.parent) {
    if (outer.holder === value) throw new TypeError(`${pathOf(place)} refers to an object that contains it`);
  }
}

function pathOf(place: Place): string {
  if (place.parent === undefined) return `argument ${place.key}`;
  const step = typeof place.key === 'number' ? `[${place.key}]` : `.${place.key}`;
  return pathOf(place.parent) + step;
}
