/** **Question**: does what `gradInto` writes to share memory with what the function is given, or reads outside? */

/** The parts of an object that are read: all, or some fields. */
type Parts = true | { readonly [key: string]: Parts };

/** Throws if `out`, or a part of it, is read as an argument or a part of one, or shares memory with such an array. */
export function checkApart(out: unknown, argument: unknown, read: Parts): void {
  if (isMet(out, argument, read)) overlap();
}
export function overlap(): never {
  throw new TypeError('adjoint: out overlaps an argument, or an object outside that the function reads');
}

function isMet(out: unknown, o: unknown, read: Parts): boolean {
  if (typeof out !== 'object' || out === null || typeof o !== 'object' || o === null) return false;
  if (out === o) return true;
  if (read !== true) {
    for (const key in read)
      if (isMet(out, (o as Readonly<Record<string, unknown>>)[key], read[key]!)) return true;
    return false;
  }
  if (isFlat(out)) return isReached(out, o);
  if (isFlat(o)) return isReached(o, out);
  const all = new Set<object>();
  collect(o, all);
  const views = [...all].filter((x) => ArrayBuffer.isView(x));
  return isPartOf(out, all, views, new Set());
}

/** Numbers only: it holds no other object. */
const isFlat = (x: object): boolean =>
  ArrayBuffer.isView(x) || (Array.isArray(x) && typeof x[0] === 'number');

/** Whether an array without parts is in an object, or shares memory with an array there. */
function isReached(flat: object, o: unknown, seen?: Set<unknown>): boolean {
  if (typeof o !== 'object' || o === null) return false;
  if (o === flat) return true;
  if (ArrayBuffer.isView(o)) return ArrayBuffer.isView(flat) && sharesMemory(flat, o);
  if (seen?.has(o) || isFlat(o)) return false;
  const open = (seen ?? new Set()).add(o);
  for (const part of partsOf(o)) if (isReached(flat, part, open)) return true;
  return false;
}
const partsOf = (o: object): Iterable<unknown> => (o instanceof Map ? o.values() : Object.values(o));

/** All objects of a tree. */
function collect(o: unknown, to: Set<object>): void {
  if (typeof o !== 'object' || o === null || to.has(o)) return;
  to.add(o);
  if (!isFlat(o)) for (const part of partsOf(o)) collect(part, to);
}
function isPartOf(
  out: unknown,
  all: ReadonlySet<object>,
  views: readonly ArrayBufferView[],
  seen: Set<object>,
): boolean {
  if (typeof out !== 'object' || out === null || seen.has(out)) return false;
  seen.add(out);
  if (all.has(out)) return true;
  if (ArrayBuffer.isView(out)) return views.some((v) => sharesMemory(out, v));
  if (isFlat(out)) return false;
  for (const part of partsOf(out)) if (isPartOf(part, all, views, seen)) return true;
  return false;
}

export function sharesMemory(out: ArrayBufferView, o: ArrayBufferView): boolean {
  if (o === out) return true;
  if (o instanceof Float64Array && out instanceof Float64Array) return overlaps(out, o);
  return (
    o.byteOffset < out.byteOffset + out.byteLength &&
    out.byteOffset < o.byteOffset + o.byteLength &&
    o.buffer === out.buffer
  );
}

/**
 * Whether one memory is behind two arrays. Where they would overlap if they were parts of one buffer, a number is written to the one
 * and looked for in the other: to ask for the buffer costs more than a small gradient (engines make it only then).
 */
function overlaps(a: Float64Array, b: Float64Array): boolean {
  const shift = (b.byteOffset - a.byteOffset) / Float64Array.BYTES_PER_ELEMENT;
  const i = Math.max(shift, 0);
  const j = i - shift;
  if (i >= a.length || j >= b.length) return false;
  const before = a[i]!;
  const probe = b[j] === 0 ? 1 : 0;
  a[i] = probe;
  const found = b[j] === probe;
  a[i] = before;
  return found;
}
