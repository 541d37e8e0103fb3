/**
 * Values as trees of numeric leaves: what arguments, results, gradients and tangents have in common.
 *
 * Containers are arrays, typed arrays, plain objects, maps, and instances of classes, whose gradients are plain objects.
 * Sharing inside a value survives `cloneTree`.
 */

type Key = string | number | symbol;
export type Path = readonly Key[];
export interface Leaf {
  readonly path: Path;
  readonly value: number;
}
type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array | Uint32Array | Int16Array;
type Node = Record<Key, unknown>;

export function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What is below a key: of a map its entry. */
export function childOf(node: unknown, key: Key): unknown {
  return node instanceof Map ? node.get(key) : (node as Node)[key];
}
function setChild(node: unknown, key: Key, value: unknown): void {
  if (node instanceof Map) node.set(key, value);
  else (node as Node)[key] = value;
}
/** The keys of a map, or those of the enumerable own properties, symbols too. */
function keysOf(node: object): Key[] {
  if (node instanceof Map) return [...node.keys()];
  const symbols = Object.getOwnPropertySymbols(node);
  return [
    ...Object.keys(node),
    ...symbols.filter((s) => Object.prototype.propertyIsEnumerable.call(node, s)),
  ];
}

/** Deep copy; one object reached by two paths is one object in the copy too. Functions are kept by reference. */
export function cloneTree<T>(value: T, seen = new Map<object, unknown>()): T {
  if (!isObject(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known as T;
  if (isTyped(value)) {
    const copy = value.slice();
    seen.set(value, copy);
    return copy as T;
  }
  if (value instanceof Set) return new Set(value) as T;
  if (value instanceof Date) return new Date(value) as T;
  const copy: object =
    value instanceof Map
      ? new Map()
      : Array.isArray(value)
        ? []
        : Object.create(Object.getPrototypeOf(value));
  seen.set(value, copy);
  if (Array.isArray(value)) (copy as unknown[]).length = value.length;
  for (const key of keysOf(value)) setChild(copy, key, cloneTree(childOf(value, key), seen));
  return copy as T;
}

/** Numeric leaves in a fixed order: elements by index, fields in the order of the object. */
export function leaves(value: unknown, path: Path = []): Leaf[] {
  if (typeof value === 'number') return [{ path, value }];
  if (!isObject(value)) return [];
  if (isTyped(value)) return Array.from(value, (x, i) => ({ path: [...path, i], value: x }));
  if (Array.isArray(value)) return value.flatMap((x, i) => leaves(x, [...path, i]));
  return keysOf(value).flatMap((key) => leaves(childOf(value, key), [...path, key]));
}
export function leafValues(value: unknown): number[] {
  return leaves(value).map((leaf) => leaf.value);
}

/** Writes one leaf and gives back what the slot holds afterwards (a `Float32Array` rounds). */
export function setLeaf(root: unknown, path: Path, x: number): number {
  let node = root;
  for (const key of path.slice(0, -1)) node = childOf(node, key);
  const last = path[path.length - 1];
  setChild(node, last, x);
  return childOf(node, last) as number;
}

/** The same containers with leaves taken from `next` in the order of `leaves`; all else becomes `undefined`. */
export function withLeaves(value: unknown, next: () => number): unknown {
  if (typeof value === 'number') return next();
  if (!isObject(value)) return undefined;
  if (isTyped(value)) {
    const copy = value.slice();
    for (let i = 0; i < copy.length; i++) copy[i] = next();
    return copy;
  }
  if (Array.isArray(value)) return value.map((x) => withLeaves(x, next));
  const out = value instanceof Map ? new Map() : {};
  for (const key of keysOf(value)) {
    const x = withLeaves(childOf(value, key), next);
    if (x !== undefined) setChild(out, key, x);
  }
  return out;
}
export function zeros(value: unknown): unknown {
  return withLeaves(value, () => 0);
}

function kindOf(value: unknown): string {
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  return Array.isArray(value) ? 'Array' : (value.constructor?.name ?? 'Object');
}
function at(path: Path): string {
  return path.length ? path.map(String).join('.') : 'the value';
}

/** First place where two trees differ, bit for bit (NaN equals NaN, 0 differs from -0), or undefined. */
export function bitDifference(got: unknown, want: unknown, path: Path = []): string | undefined {
  if (!isObject(got) || !isObject(want))
    return Object.is(got, want) ? undefined : `${at(path)}: ${show(got)} instead of ${show(want)}`;
  if (kindOf(got) !== kindOf(want)) return `${at(path)}: ${kindOf(got)} instead of ${kindOf(want)}`;
  if (Array.isArray(got) || isTyped(got)) {
    const [a, b] = [got as ArrayLike<unknown>, want as ArrayLike<unknown>];
    if (a.length !== b.length) return `${at(path)}: length ${a.length} instead of ${b.length}`;
  }
  if (got instanceof Set || got instanceof Map) {
    const difference = bitDifference([...got], [...(want as Set<unknown>)], path);
    if (difference !== undefined) return difference;
  }
  const keys = new Set([...keysOf(got), ...keysOf(want)]);
  for (const key of keys) {
    const difference = bitDifference(childOf(got, key), childOf(want, key), [...path, key]);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Whether a gradient has the containers and numeric leaves of the argument; the first misfit, or undefined. */
export function shapeMisfit(argument: unknown, gradient: unknown, path: Path = []): string | undefined {
  if (typeof argument === 'number')
    return typeof gradient === 'number' ? undefined : `${at(path)}: ${kindOf(gradient)} for a number`;
  if (!isObject(argument) || leaves(argument).length === 0) return undefined;
  const isInstance = !Array.isArray(argument) && !isTyped(argument) && !(argument instanceof Map);
  if (!isObject(gradient) || (isInstance ? 'Object' : kindOf(argument)) !== kindOf(gradient))
    return `${at(path)}: ${kindOf(gradient)} for ${kindOf(argument)}`;
  if (Array.isArray(argument) || isTyped(argument)) {
    const length = (gradient as unknown as ArrayLike<unknown>).length;
    if (length !== argument.length) return `${at(path)}: length ${length} for ${argument.length}`;
  }
  for (const key of keysOf(argument)) {
    const misfit = shapeMisfit(childOf(argument, key), childOf(gradient, key), [...path, key]);
    if (misfit !== undefined) return misfit;
  }
  for (const key of keysOf(gradient))
    if (!(key in argument) && leaves((gradient as Node)[key]).length)
      return `${at([...path, key])}: not in the argument`;
  return undefined;
}

/** Short text of a value, with -0 and typed arrays told apart. */
export function show(value: unknown): string {
  const text = (v: unknown): string => {
    if (Object.is(v, -0)) return '-0';
    if (isTyped(v)) return `${kindOf(v)}[${Array.from(v, text).join(', ')}]`;
    if (v instanceof Map) return `Map${text(Object.fromEntries(v))}`;
    if (Array.isArray(v)) return `[${Array.from(v, text).join(', ')}]`;
    if (isObject(v))
      return `{${Object.entries(v)
        .map(([k, x]) => `${k}: ${text(x)}`)
        .join(', ')}}`;
    return String(v);
  };
  const full = text(value);
  return full.length > 200 ? `${full.slice(0, 197)}...` : full;
}
