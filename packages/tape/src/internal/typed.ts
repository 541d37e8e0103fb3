/**
 * Elements of typed arrays. The arrays stay what they are and hold plain numbers, with all that the language does to
 * them: rounding, conversion to integers, stores out of range, views of one buffer. The variables stand beside them.
 */
import { Var } from '../var.js';
import { currentRun, fail, type Run, type View } from './run.js';

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

export const isTyped = (x: unknown): x is TypedArray => ArrayBuffer.isView(x) && !(x instanceof DataView);

/** Whether elements pass derivatives on: a store into an array of integers is a step. */
export const isReal = (x: unknown): boolean =>
  x instanceof Float64Array || x instanceof Float32Array || isHalf(x);
const isHalf = (x: unknown): boolean => isTyped(x) && x.constructor.name === 'Float16Array';

/** The view of an array on the variables of its buffer; made if `create` says so. */
function viewOf(run: Run, a: TypedArray, create: boolean): View | undefined {
  const known = run.views.get(a);
  if (known !== undefined) return known;
  let slots = run.buffers.get(a.buffer);
  if (slots === undefined) {
    if (!create) return undefined;
    slots = { kind: a.constructor, variables: [] };
    run.buffers.set(a.buffer, slots);
  }
  if (slots.kind !== a.constructor)
    fail('AD3004: typed arrays of different kinds share a buffer that holds values with a derivative');
  const view = { slots, offset: a.byteOffset / a.BYTES_PER_ELEMENT };
  run.views.set(a, view);
  return view;
}

/** An index in range, from a number or its text; -1 for all else. */
export function indexIn(a: ArrayLike<unknown>, key: unknown): number {
  const k = typeof key === 'string' && String(Number(key)) === key ? Number(key) : key;
  return typeof k === 'number' && Number.isInteger(k) && k >= 0 && k < a.length ? k : -1;
}

export function load(a: TypedArray, index: number): any {
  const run = currentRun();
  const view = run && viewOf(run, a, false);
  return view?.slots.variables[view.offset + index] ?? a[index];
}

/** `a[index] = x` for an index in range. */
export function store(a: TypedArray, index: number, x: unknown): void {
  const value = x instanceof Var ? x.value : x;
  a[index] = value as number;
  setVariable(a, index, x instanceof Var && isReal(a) ? rounded(x, a[index]) : undefined);
}
/** The stored number may be rounded; the derivative passes through. */
const rounded = (x: Var, stored: number): Var =>
  Object.is(stored, x.value) ? x : x.tape.recordOne(stored, x, 1);

/** Notes what stands in an element whose number is stored already. */
export function setVariable(a: TypedArray, index: number, variable: Var | undefined): void {
  const run = currentRun();
  const view = run && viewOf(run, a, variable !== undefined);
  if (view !== undefined) view.slots.variables[view.offset + index] = variable;
}

/** The variable of an element, if it has one. */
export function variableAt(run: Run, a: TypedArray, index: number): Var | undefined {
  const view = viewOf(run, a, false);
  return view?.slots.variables[view.offset + index];
}

/** All elements, as numbers and variables. */
export function elements(a: TypedArray): any[] {
  const out = new Array<any>(a.length);
  for (let k = 0; k < a.length; k++) out[k] = load(a, k);
  return out;
}

/** A typed array of the same kind with these elements. */
export function typedLike(a: TypedArray, list: readonly any[]): TypedArray {
  const made = new (a.constructor as new (n: number) => TypedArray)(list.length);
  list.forEach((x, k) => {
    store(made, k, x);
  });
  return made;
}

/** A buffer with the same bytes, and the same variables beside them. */
export function copyOfBuffer(buffer: ArrayBufferLike): ArrayBufferLike {
  const copy = buffer.slice(0);
  const buffers = currentRun()?.buffers;
  const slots = buffers?.get(buffer);
  if (slots !== undefined) buffers?.set(copy, { ...slots, variables: [...slots.variables] });
  return copy;
}

/** Whether a buffer holds variables: its bytes alone would lose them. */
export const holdsVariables = (buffer: unknown): boolean =>
  currentRun()
    ?.buffers.get(buffer as ArrayBuffer)
    ?.variables.some((x) => x !== undefined) ?? false;
