/** Gradients written into what the caller gives (`gradInto`). */
import { isContainer, ownValues } from './plain.js';
import { isReal, isTyped } from './typed.js';

interface Target {
  readonly single?: boolean;
  readonly accumulate?: boolean;
}

export function writeGradients(
  out: any,
  gradients: readonly any[],
  target: Target,
  args: readonly any[],
): void {
  refuseOverlap(out, args);
  const [first] = gradients;
  if (!target.single) write(out, gradients, target.accumulate === true, 'out');
  else if (typeof first === 'number') write(out, [first], target.accumulate === true, 'out', 1);
  else write(out, first, target.accumulate === true, 'out');
}

function write(out: any, gradient: any, add: boolean, path: string, length?: number): void {
  if (gradient === undefined) return;
  if (typeof out !== 'object' || out === null)
    throw new TypeError(`adjoint: ${path} should be an array or object`);
  // an array of integers would keep a part of the gradient only
  if (isTyped(out) && !isReal(out))
    throw new TypeError(`adjoint: ${path} should be an array of numbers of any size`);
  const isList = Array.isArray(gradient) || isTyped(gradient);
  if (isList && length === undefined && out.length !== gradient.length)
    throw new RangeError(
      `adjoint: ${path} has length ${out.length}, but the gradient has length ${gradient.length}`,
    );
  for (const [key, value] of isTyped(gradient) ? Object.entries(gradient) : ownValues(gradient)) {
    const old = out instanceof Map ? out.get(key) : out[key];
    if (typeof value !== 'number') write(old, value, add, `${path}[${String(key)}]`);
    else if (out instanceof Map) out.set(key, add ? (old ?? 0) + value : value);
    else out[key] = add ? old + value : value;
  }
}

/** `out`, or an array in it, is no part of an argument and shares no memory with one: the gradient would take the place of numbers. */
function refuseOverlap(out: unknown, args: readonly unknown[]): void {
  const views = new Map<unknown, ArrayBufferView[]>();
  const objects = new Set<unknown>();
  eachPart(args, new Set(), (x) => {
    objects.add(x);
    if (ArrayBuffer.isView(x)) views.set(x.buffer, [...(views.get(x.buffer) ?? []), x]);
  });
  eachPart([out], new Set(), (x) => {
    const isShared = ArrayBuffer.isView(x) && views.get(x.buffer)?.some((v) => overlaps(x, v));
    if (objects.has(x) || isShared) throw new TypeError('adjoint: out overlaps an argument');
  });
}
const overlaps = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;

/** Visits the arrays and objects of trees, each once. */
function eachPart(trees: readonly unknown[], seen: Set<unknown>, visit: (x: object) => void): void {
  for (const x of trees) {
    if (seen.has(x) || !(isTyped(x) || isContainer(x))) continue;
    seen.add(x);
    visit(x as object);
    if (isContainer(x))
      eachPart(
        ownValues(x).map(([, value]) => value),
        seen,
        visit,
      );
  }
}
