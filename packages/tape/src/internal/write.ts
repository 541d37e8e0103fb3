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

function refuseOverlap(out: unknown, args: readonly unknown[]): void {
  const buffers = new Set<unknown>();
  const objects = new Set<unknown>();
  const visit = (x: any, meet: (key: unknown, of: Set<unknown>) => void): void => {
    if (isTyped(x)) meet(x.buffer, buffers);
    else if (isContainer(x) && !objects.has(x)) {
      meet(x, objects);
      for (const [, value] of ownValues(x)) visit(value, meet);
    }
  };
  for (const arg of args) visit(arg, (key, of) => of.add(key));
  const met = new Set<unknown>();
  const walk = (x: any): void => {
    if (objects.has(x) || (isTyped(x) && buffers.has(x.buffer)))
      throw new TypeError('adjoint: out overlaps an argument');
    if (!isContainer(x) || met.has(x)) return;
    met.add(x);
    for (const [, value] of ownValues(x)) walk(value);
  };
  walk(out);
}
