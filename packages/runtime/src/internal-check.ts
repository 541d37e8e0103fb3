/** Check mode: emitted code that checks itself (a build option; slow). */

const fail = (what: string): never => {
  throw new Error(`AD6002: check mode: ${what}; please report this function`);
};

/** A value computed again in the reverse sweep must have the bits of the one that the forward sweep had. */
export function checkSame(again: unknown, stored: unknown): void {
  // a slot out of range is NaN on the tape of numbers
  if (again === undefined && Number.isNaN(stored)) return;
  if (!Object.is(again, stored)) fail(`a recomputed value is ${String(again)}, but was ${String(stored)}`);
}

/** Blocks entered, in order; the reverse sweep must leave them exactly backwards. */
const blocks: number[] = [];
let base = 0;

export function traceBegin(): number {
  const before = base;
  base = blocks.length;
  return before;
}
export function trace(block: number): void {
  blocks.push(block);
}
export function checkTrace(block: number): void {
  const last = blocks.length > base ? blocks.pop() : undefined;
  if (last !== block)
    fail(`the reverse sweep is in block ${block}, but the forward sweep left block ${last ?? 'none'}`);
}
export function traceEnd(before: number): void {
  const left = blocks.length - base;
  blocks.length = base;
  base = before;
  if (left !== 0) fail(`the reverse sweep missed ${left} blocks`);
}

type Fn = (...args: never[]) => unknown;

/** Marks generated code to be run beside the user's function; the marker call binds it to that function. */
export function checked(kind: string, generated: Fn): Fn {
  const bind = (f: Fn): Fn =>
    ((...args: unknown[]) => {
      const inputs = kind === 'jvp' ? (args[0] as unknown[]) : kind === 'gradInto' ? args.slice(1) : args;
      const copies = inputs.map((x) => copy(x));
      let plain: { value: unknown } | { error: unknown };
      try {
        plain = { value: (f as (...a: unknown[]) => unknown)(...copies) };
      } catch (error) {
        plain = { error };
      }
      const result = (generated as (...a: unknown[]) => unknown)(...args);
      if ('error' in plain)
        return fail(`the plain function throws ${String(plain.error)}, but its derivative does not`);
      if (kind !== 'grad')
        same(kind === 'gradInto' ? result : (result as unknown[])[0], plain.value, 'the value');
      copies.forEach((c, k) => {
        same(inputs[k], c, `argument ${k} after the call`);
      });
      return result;
    }) as Fn;
  return Object.assign(generated, { [CHECKED]: bind });
}
export const CHECKED = Symbol.for('adjoint.checked');

function copy(x: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof x !== 'object' || x === null) return x;
  const known = seen.get(x);
  if (known !== undefined) return known;
  if (ArrayBuffer.isView(x)) {
    const c = (x as unknown as { slice(): unknown }).slice();
    seen.set(x, c);
    return c;
  }
  const proto: unknown = Object.getPrototypeOf(x);
  if (!Array.isArray(x) && proto !== Object.prototype && proto !== null) return x;
  const c: Record<string, unknown> | unknown[] = Array.isArray(x) ? [] : {};
  seen.set(x, c);
  for (const key of Object.keys(x))
    (c as Record<string, unknown>)[key] = copy((x as Record<string, unknown>)[key], seen);
  if (Array.isArray(x)) (c as unknown[]).length = x.length;
  return c;
}

function same(a: unknown, b: unknown, what: string): void {
  if (Object.is(a, b)) return;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    fail(`${what} is ${String(a)}, plain ${String(b)}`);
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  if (typeof x.length === 'number' && x.length !== y.length)
    fail(`${what} has length ${String(x.length)}, plain ${String(y.length)}`);
  for (const key of Object.keys(y)) same(x[key], y[key], `${what}.${key}`);
}
