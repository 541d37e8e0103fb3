/** Check mode: an argument must be what its type says, down to the elements of its arrays (LANGUAGE.md R9). */
import {
  checkArray,
  checkTyped,
  chosen,
  field,
  isMethod,
  isOneOf,
  isRecursive,
  mismatch,
  open,
  type Schema,
} from './internal-trees.js';

/** Throws a `TypeError` that names the path of the first part that is something else. A hole in an array is no number yet. */
export function checkElements(x: unknown, schema: Schema, path: string, seen?: Set<unknown>): void {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    return;
  }
  if (schema === 'f64' || schema === 'f32') return checkTyped(x, schema, path);
  if (typeof schema === 'string') return;
  if (isRecursive(schema)) return checkElements(x, open(schema), path, seen ?? new Set());
  if (isOneOf(schema)) return checkElements(x, chosen(x, schema), path, seen);
  if (typeof x === 'object' && x !== null) {
    if (seen?.has(x)) return;
    seen?.add(x);
  }
  const [kind, inner] = schema as readonly [string, unknown];
  const check = (y: unknown, s: Schema, at: string) => checkElements(y, s, at, seen);
  if (kind === '?') {
    seen?.delete(x);
    if (x !== undefined && x !== null) check(x, inner as Schema, path);
    return;
  }
  if (kind === 'm') {
    if (!(x instanceof Map)) mismatch(path, 'a Map', x);
    for (const [k, v] of x as Map<unknown, unknown>) check(v, inner as Schema, `${path}.get(${String(k)})`);
    return;
  }
  if (kind === 'k') {
    if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
    for (const k of Object.keys(x as object)) check(field(x, k, path), inner as Schema, `${path}.${k}`);
    return;
  }
  if (kind === 'o') {
    for (const [key, s] of Object.entries(inner as Record<string, Schema>))
      if (s !== 'x') check(read(x, key, path), s, `${path}.${key}`);
    return;
  }
  if (kind === 'a' && inner === 'n' && ArrayBuffer.isView(x)) return; // where the type leaves the kind open
  checkArray(x, path);
  if (kind === 't')
    (inner as readonly Schema[]).forEach((s, k) => {
      check(x[k], s, `${path}[${k}]`);
    });
  else
    x.forEach((e, k) => {
      if (e !== undefined || inner !== 'n') check(e, inner as Schema, `${path}[${k}]`);
    });
}

/** What code reads of an object, accessors included: where a shadow is made, they are refused. */
function read(x: unknown, key: string, path: string): unknown {
  if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
  const value = (x as Record<string, unknown>)[key];
  return isMethod(x, key, value) ? undefined : value;
}

type View = Float64Array | Float32Array;
const OUTSIDE = 'adjoint: a view of a buffer should lie in the array whose buffer is named';

/** The index in `base` at which a view of its buffer begins; the offset is in bytes, of which only whole ones count. */
export function viewStart(base: View, offset: number | undefined): number {
  const bytes = Math.trunc(Number(offset)) || 0;
  const start = (bytes - base.byteOffset) / base.BYTES_PER_ELEMENT;
  if (!Number.isInteger(bytes / base.BYTES_PER_ELEMENT))
    throw new RangeError(
      `start offset of ${base.constructor.name} should be a multiple of ${base.BYTES_PER_ELEMENT}`,
    );
  if (!(start >= 0 && start <= base.length)) throw new RangeError(OUTSIDE);
  return start;
}
/** The index in `base` behind a view that begins at `start`; without a length it goes to the end of the buffer. */
export function viewEnd(base: View, start: number, length?: number): number {
  const rest = (base.buffer.byteLength - base.byteOffset) / base.BYTES_PER_ELEMENT - start;
  const end = start + (length === undefined ? rest : Math.trunc(length) || 0);
  if (!(end >= start && end <= base.length)) throw new RangeError(OUTSIDE);
  return end;
}
