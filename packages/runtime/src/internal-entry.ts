/** Checks at the entry of generated functions. */
import { checkArray, checkTyped, field, mismatch } from './internal-trees.js';

type Path = readonly [name: string, value: unknown, written: boolean, kept?: readonly string[]];
const NONE: readonly string[] = [];

/**
 * Throws if two access paths reach the same array or object, or overlapping views, and one of them is written: the
 * gradient of the one would depend on the other. `kept`: fields of a written object below which nothing is.
 */
export function checkDistinct(...paths: readonly Path[]): void {
  const seen = new Map<object, { readonly path: string; readonly written: boolean }>();
  const views: {
    readonly buffer: ArrayBufferLike;
    readonly start: number;
    readonly end: number;
    readonly path: string;
    readonly written: boolean;
  }[] = [];
  const clash = (a: string, b: string): never => {
    throw new TypeError(
      `AD5001: \`${a}\` and \`${b}\` are the same object or share memory, and it is written here; pass a copy of one of them`,
    );
  };
  const visit = (x: unknown, path: string, written: boolean, kept = NONE): void => {
    if (typeof x !== 'object' || x === null) return;
    if (ArrayBuffer.isView(x)) {
      const start = x.byteOffset;
      const end = start + x.byteLength;
      for (const v of views)
        if (v.buffer === x.buffer && start < v.end && v.start < end && (written || v.written))
          clash(v.path, path);
      views.push({ buffer: x.buffer, start, end, path, written });
      return;
    }
    const before = seen.get(x);
    if (before) {
      if (written || before.written) clash(before.path, path);
      return;
    }
    seen.set(x, { path, written });
    if (Array.isArray(x)) {
      if (typeof x[0] === 'number') return;
      x.forEach((e, k) => {
        visit(e, `${path}[${k}]`, written);
      });
      return;
    }
    if (x instanceof Map) {
      for (const [k, v] of x) visit(v, `${path}.get(${String(k)})`, written);
      return;
    }
    // instances of classes too; their accessors are not run
    for (const [key, d] of Object.entries(Object.getOwnPropertyDescriptors(x)))
      if ('value' in d) visit(d.value, `${path}.${key}`, written && !kept.includes(key));
  };
  for (const [name, value, written, kept] of paths) visit(value, name, written, kept);
  for (const [x, { path, written }] of seen) {
    const inherited = seen.get(Object.getPrototypeOf(x));
    if (inherited !== undefined && (written || inherited.written))
      throw new TypeError(
        `AD5004: \`${path}\` inherits from \`${inherited.path}\`, and one of them is written here; objects that share fields by their prototypes are not supported`,
      );
  }
}

/** Throws if a value that arrives where a number is declared is none; `missing`: it may be absent. */
export function checkNumber(x: unknown, path: string, missing = false): void {
  if (typeof x !== 'number' && !(missing && (x === undefined || x === null))) mismatch(path, 'a number', x);
}

/**
 * Throws if an array that arrives is of another kind than declared. Of the elements of `numbers` only the first one is
 * looked at: a list of texts is found, at no cost for each element (check mode looks at all). `either`: declared as an array
 * or a typed array, and read as an array; only `Float64Array` behaves like one.
 */
export function checkKind(
  x: unknown,
  kind: 'numbers' | 'array' | 'either' | 'f64' | 'f32',
  path: string,
): void {
  // short, so that engines inline it
  if (kind !== 'f64' || !(x instanceof Float64Array)) checkOtherKind(x, kind, path);
}
function checkOtherKind(x: unknown, kind: Parameters<typeof checkKind>[1], path: string): void {
  if (kind === 'f64' || kind === 'f32') return checkTyped(x, kind, path);
  if (kind === 'either' && x instanceof Float64Array) return;
  checkArray(x, path);
  if (kind === 'numbers' && typeof x[0] !== 'number') checkNumber(x[0], `${path}[0]`, true);
}

type Bytes = Pick<ArrayBufferView, 'buffer' | 'byteOffset' | 'byteLength'>;
const overlap = (a: Bytes, b: Bytes): boolean =>
  a.buffer === b.buffer &&
  Math.max(a.byteOffset, b.byteOffset) < Math.min(a.byteOffset + a.byteLength, b.byteOffset + b.byteLength);

/** Throws if an object, or memory of typed arrays, is reached by two paths from `root`: `what` copies it part by part. */
export function checkTree(root: unknown, what: string): void {
  const seen = new Set<object>();
  const views: ArrayBufferView[] = [];
  const visit = (x: unknown): void => {
    if (typeof x !== 'object' || x === null) return;
    if (seen.has(x))
      throw new TypeError(
        `adjoint: ${what} an object that holds one object twice, which is not supported; give each place an object of its own`,
      );
    seen.add(x);
    if (!ArrayBuffer.isView(x)) return Object.values(x).forEach(visit);
    if (views.some((v) => overlap(v, x)))
      throw new TypeError(
        `adjoint: ${what} an object that holds two views of the same memory, which is not supported; give each place an array of its own`,
      );
    views.push(x);
  };
  visit(root);
}

/** The gradient of an argument that may be absent. */
export const ifPresent = (x: unknown, gradient: number): any =>
  x === undefined || x === null ? undefined : gradient;

/** A class, given by a function: it may not be initialised yet, and then has no instances. */
type ClassOf = () => unknown;
function classOf(c: ClassOf): unknown {
  try {
    return c();
  } catch (error) {
    if (error instanceof ReferenceError) return NaN;
    throw error;
  }
}

/** The same class, or one of the same text from another copy of its module. */
const isSameClass = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'function' && typeof b === 'function' && String(a) === String(b));

/** Whether an object is an instance of exactly this class; `made` is the name that instances made by generated code carry. */
export function isOfClass(x: unknown, c: ClassOf, made: string): boolean {
  const o = x as { readonly $class?: string; readonly constructor?: unknown } | undefined | null;
  return o?.$class === made || (o?.$class === undefined && isSameClass(o?.constructor, classOf(c)));
}

/** `x instanceof C`; `made`: the names that instances carry which generated code makes of it, or of a class that extends it. */
export function isInstance(x: unknown, c: ClassOf, made: readonly string[]): boolean {
  if (typeof x !== 'object' || x === null) return false;
  const { $class } = x as { readonly $class?: string };
  if ($class !== undefined) return made.includes($class);
  const of = classOf(c);
  return typeof of === 'function' && x instanceof of;
}

/** Throws if what is called, or asked for its type, is missing. */
export function checkThere(x: unknown, message: string): void {
  if (x === undefined || x === null) throw new TypeError(`adjoint: ${message}`);
}

/**
 * Throws if an object that came from outside is of a class that is not known: its methods may be others. `literals`: beside instances
 * there may be literals that generated code made, whose functions are no functions here; one of the caller's has one of this name.
 */
export function checkClass(x: unknown, path: string, classes: readonly ClassOf[], literals?: string): void {
  const o = x as
    | { readonly $class?: string; readonly constructor?: { readonly name?: string } }
    | undefined
    | null;
  if (o === undefined || o === null || o.$class !== undefined) return;
  const known = classes.map(classOf);
  if (known.some((c) => isSameClass(o.constructor, c))) return;
  if (literals !== undefined && !computes(o, literals)) return;
  const names = known.map((c) => (c as { readonly name?: string }).name ?? '').filter((n) => n !== '');
  throw new TypeError(
    `adjoint: ${path} should be of class ${names.join(' or ')}, but is of class ${o.constructor?.name ?? 'unknown'}`,
  );
}

/** Whether an object has a function or an accessor under a name, of its own or from its class. */
function computes(x: object, name: string): boolean {
  for (let o: object | null = x; o !== null; o = Object.getPrototypeOf(o)) {
    const d = Object.getOwnPropertyDescriptor(o, name);
    if (d) return typeof d.value === 'function' || d.get !== undefined || d.set !== undefined;
  }
  return false;
}

/** Fields of an object that is differentiated are fields: what an accessor computes would lack a derivative. */
export function checkFields(x: unknown, keys: readonly string[], path: string): void {
  for (const key of keys) field(x, key, path);
}

/** The keys of an object are gone through, or copied: the code knows of no others than those of its type. */
export function checkKeys(x: unknown, keys: readonly string[]): void {
  if (typeof x !== 'object' || x === null) return;
  for (const key of Object.keys(x))
    if (!keys.includes(key) && key[0] !== '$' && key[0] !== '#')
      throw new TypeError(
        `adjoint: an object whose keys are seen has the field \`${key}\`, which its type does not have: declare it, or leave it out`,
      );
}

/** A method of a class is called: an object that has a function of its own in its place would call that one. */
export function checkMethod(x: unknown, path: string, name: string): void {
  if (typeof x === 'object' && x !== null && Object.hasOwn(x, name))
    throw new TypeError(
      `AD5004: \`${path}.${name}\` is replaced on this object: only the methods of its class are known`,
    );
}
