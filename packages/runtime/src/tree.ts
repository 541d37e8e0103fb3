/**
 * Values seen as trees of numbers: arrays, tuples, plain objects, class instances, typed arrays and maps.
 *
 * Leaves are the numbers in them; those of integer typed arrays are not, because a store there loses the derivative.
 * Every access path counts on its own, as for gradients: an array that is reached twice gives its leaves twice, and
 * a copy has it twice. A reference back to an object that contains it is not followed.
 */

/** One step of an access path: a property or an index, or the key of a map. */
export type Step = { readonly key: string | number | symbol } | { readonly mapKey: unknown };
export type Path = readonly Step[];

/** A number of a tree and where it stands. */
export interface Leaf {
  readonly path: Path;
  readonly value: number;
}

/** The leaves of a tree, in the order of its entries. */
export function leavesOf(tree: unknown): Leaf[] {
  const found: Leaf[] = [];
  collect(tree, [], new Set(), found);
  return found;
}

/**
 * A copy that shares no numbers with the tree. Instances keep their class, frozen objects become writable; functions,
 * dates and the like are handed through by reference. An instance with `#private` fields cannot be copied so: its
 * copy lacks them.
 */
export function copyTree<T>(tree: T): T {
  return copy(tree, new Map()) as T;
}

/** A copy of the tree with each leaf replaced by `next(path, value)`. */
export function mapLeaves<T>(tree: T, next: (path: Path, value: number) => number): T {
  const root = { tree: copyTree(tree) };
  for (const leaf of leavesOf(root)) writeAt(root, leaf.path, next(leaf.path.slice(1), leaf.value));
  return root.tree;
}

/** What stands at the path; `undefined` if the path leads nowhere. */
export function readAt(tree: unknown, path: Path): unknown {
  let node = tree;
  for (const step of path) node = child(node, step);
  return node;
}

/** Overwrites what stands at the path, which must have at least one step and exist. */
export function writeAt(tree: unknown, path: Path, value: number): void {
  const holder = readAt(tree, path.slice(0, -1));
  const last = path[path.length - 1];
  if (last === undefined || holder === null || typeof holder !== 'object') {
    throw new RangeError(`no place to write at ${printPath(path)}`);
  }
  if ('mapKey' in last) (holder as Map<unknown, unknown>).set(last.mapKey, value);
  else (holder as Record<string | number | symbol, unknown>)[last.key] = value;
}

/** The path as source text would have it, `args[0].w[2]`; map keys are printed as `.get("a")`. */
export function printPath(path: Path, root = ''): string {
  let text = root;
  for (const step of path) {
    if ('mapKey' in step) text += `.get(${printKey(step.mapKey)})`;
    else if (typeof step.key === 'number' || typeof step.key === 'symbol') text += `[${String(step.key)}]`;
    else if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step.key)) text += `.${step.key}`;
    else text += `[${JSON.stringify(step.key)}]`;
  }
  return text;
}

/** Whether the value is an instance of a class of its own: such objects may have fields the types do not show. */
export function isClassInstance(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || isContainer(value)) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto !== null && proto !== Object.prototype && Object.getPrototypeOf(proto) !== null;
}

function isContainer(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Map;
}

/** An object whose own fields are looked at: not a date, a set, a promise or the like. */
export function isRecord(value: object): boolean {
  return !OPAQUE.some((kind) => value instanceof kind);
}

const OPAQUE = [Date, RegExp, Set, WeakSet, WeakMap, WeakRef, Promise, ArrayBuffer] as const;

function child(node: unknown, step: Step): unknown {
  if (node === null || typeof node !== 'object') return undefined;
  if ('mapKey' in step) return node instanceof Map ? node.get(step.mapKey) : undefined;
  return (node as Record<string | number | symbol, unknown>)[step.key];
}

function collect(node: unknown, path: Path, above: Set<object>, found: Leaf[]): void {
  if (typeof node === 'number') {
    found.push({ path, value: node });
    return;
  }
  if (node === null || typeof node !== 'object' || above.has(node)) return;
  above.add(node);
  for (const [step, value] of entriesOf(node)) collect(value, [...path, step], above, found);
  above.delete(node);
}

function* entriesOf(node: object): Iterable<[Step, unknown]> {
  if (node instanceof Float64Array || node instanceof Float32Array || Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) yield [{ key: i }, node[i] as unknown];
  } else if (node instanceof Map) {
    for (const [mapKey, value] of node) yield [{ mapKey }, value];
  } else if (!ArrayBuffer.isView(node) && isRecord(node)) {
    for (const key of Reflect.ownKeys(node)) {
      const field = Object.getOwnPropertyDescriptor(node, key);
      if (field?.enumerable && 'value' in field) yield [{ key }, field.value as unknown];
    }
  }
}

function copy(node: unknown, above: Map<object, object>): unknown {
  if (node === null || typeof node !== 'object') return node;
  const known = above.get(node);
  if (known !== undefined) return known;
  const made = emptyLike(node);
  if (made === undefined) return node;
  above.set(node, made);
  if (made instanceof Map) {
    for (const [key, value] of node as Map<unknown, unknown>) made.set(key, copy(value, above));
  } else if (made instanceof Set) {
    for (const value of node as Set<unknown>) made.add(value);
  } else if (Array.isArray(made)) {
    copyElements(node as readonly unknown[], made, above);
  } else if (!ArrayBuffer.isView(made)) {
    copyFields(node, made, above);
  }
  above.delete(node);
  return made;
}

function copyElements(from: readonly unknown[], to: unknown[], above: Map<object, object>): void {
  to.length = from.length;
  for (let i = 0; i < from.length; i++) if (i in from) to[i] = copy(from[i], above);
}

function copyFields(from: object, to: object, above: Map<object, object>): void {
  for (const key of Reflect.ownKeys(from)) {
    const field = Object.getOwnPropertyDescriptor(from, key)!;
    const isData = 'value' in field;
    const changed = isData ? { value: copy(field.value, above) as unknown, writable: true } : {};
    Object.defineProperty(to, key, { ...field, ...changed, configurable: true });
  }
}

/** A new object of the same kind; that of a typed array has its elements already. */
function emptyLike(node: object): object | undefined {
  if (Array.isArray(node)) return [];
  if (node instanceof Map) return new Map();
  if (node instanceof Set) return new Set();
  if (node instanceof DataView) {
    return new DataView(node.buffer.slice(node.byteOffset, node.byteOffset + node.byteLength));
  }
  // Not `node.slice()`: that of a Node `Buffer` shares the memory.
  if (ArrayBuffer.isView(node)) return Float64Array.prototype.slice.call(node);
  if (isRecord(node)) return Object.create(Object.getPrototypeOf(node)) as object;
  return undefined;
}

function printKey(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}
