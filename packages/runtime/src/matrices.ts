/**
 * Matrices of derivatives, put together from directional derivatives (a column for each number of the argument) or from
 * pullbacks (a row for each number of the result). Shapes nest as in JAX: the result's outside, the argument's inside.
 */
import { Layout, zeroTree } from './flat.js';
import { copy } from './internal-compare.js';
import { along, type Forward, runsFor } from './internal-lanes.js';
import { leavesOf, type Path, readAt, writeAt } from './tree.js';

type Vjp = (...args: unknown[]) => readonly [unknown, (cotangent: unknown) => readonly unknown[]];
type Positions = number | readonly number[] | undefined;

/** One matrix, or a tuple of them for a tuple of positions. */
function forPositions(argnums: Positions, matrix: (k: number) => unknown): unknown {
  return typeof argnums === 'object' ? argnums.map(matrix) : matrix(argnums ?? 0);
}

/** By columns: a tangent for each number of the argument. `restore` puts back what a run changes outside. */
export function byColumns(
  forward: Forward,
  args: readonly unknown[],
  argnums: Positions,
  restore: () => void,
): unknown {
  const zeros = args.map(zeroTree);
  const layouts = new Map(listOf(argnums).map((k) => [k, new Layout(zeros[k])]));
  // where there is no number, a run tells the shape of the result
  const empty = [...layouts].filter(([, layout]) => layout.size === 0).map(([k]) => k);
  const places = [...layouts].flatMap(([k, { size }]) => Array.from({ length: size }, (_, j) => ({ k, j })));
  let runs = empty.length + runsFor(forward, places.length);
  // the arguments, and all that is outside, are left as one run leaves them
  const primals = () => {
    restore();
    const seen = new Map<object, unknown>();
    return --runs === 0 ? args : args.map((x) => copy(x, seen));
  };
  const shapes = new Map(empty.map((k) => [k, forward.jvp(primals(), zeros)[1]]));
  const columns = along(forward, {
    count: places.length,
    tangents: (c) => zeros.map((z, i) => (i === places[c]!.k ? layouts.get(i)!.unit(places[c]!.j) : z)),
    primals,
  });
  return forPositions(argnums, (k) => {
    const own = columns.filter((_, c) => places[c]!.k === k);
    if (shapes.has(k)) return nest(shapes.get(k), () => gradientLike(zeros[k]));
    return rowsOf(own, zeros[k], layouts.get(k)!);
  });
}

/** Columns of the shape of the result, put together to a matrix. */
function rowsOf(columns: readonly unknown[], zero: unknown, layout: Layout): unknown {
  const lists = columns as readonly ArrayLike<number>[];
  if (layout.isList && new Layout(columns[0]).isList) return transposed(lists).map((row) => layout.tree(row));
  const paths = leavesOf(zero).map((leaf) => leaf.path);
  return nest(columns[0], (at) =>
    filled(
      zero,
      paths,
      columns.map((column) => readAt(column, at) as number),
    ),
  );
}

/** By rows: one run of the function, and one pullback for each number of the result. */
export function byRows(vjp: Vjp, args: readonly unknown[], argnums: Positions): unknown {
  const [value, pullback] = vjp(...args);
  const zero = zeroTree(value);
  const rows = new Map<string, readonly unknown[]>();
  const layout = new Layout(zero);
  leavesOf(zero).forEach(({ path }, i) => {
    rows.set(keyOf(path), pullback(layout.unit(i)));
  });
  return forPositions(argnums, (k) => nest(zero, (at) => rows.get(keyOf(at))?.[k]));
}

/** Forward or reverse, whichever needs fewer runs: the argument and the result are counted. */
export function bySize(
  forward: Forward,
  vjp: Vjp,
  args: readonly unknown[],
  argnums: Positions,
  restore: () => void,
): unknown {
  const inputs = sizeOf(args, argnums);
  const before = copy(args) as unknown[];
  const [value, pullback] = vjp(...args);
  const outputs = new Layout(value).size;
  if (outputs <= inputs) return byRows(() => [value, pullback], args, argnums);
  return byColumns(forward, before, argnums, restore);
}

/** The numbers of the arguments at these positions. */
const sizeOf = (args: readonly unknown[], argnums: Positions): number =>
  listOf(argnums).reduce((n, k) => n + new Layout(args[k]).size, 0);
const listOf = (argnums: Positions): readonly number[] =>
  typeof argnums === 'object' ? argnums : [argnums ?? 0];
const keyOf = (path: Path): string => JSON.stringify(path.map((s) => ('key' in s ? [s.key] : [0, s.mapKey])));

/** Loops, since `from` goes through iterators. */
function transposed(columns: readonly ArrayLike<number>[]): Float64Array[] {
  const rows: Float64Array[] = [];
  for (let i = 0; i < columns[0]!.length; i++) {
    const row = new Float64Array(columns.length);
    for (let j = 0; j < row.length; j++) row[j] = columns[j]![i]!;
    rows.push(row);
  }
  return rows;
}
/** A tree of the structure of `zero` with the given numbers; what carries no derivative is left out. */
function filled(zero: unknown, paths: readonly Path[], values: readonly number[]): unknown {
  if (typeof zero === 'number') return values[0];
  const made = gradientLike(zero);
  paths.forEach((path, i) => {
    writeAt(made, path, values[i]!);
  });
  return made;
}

/** The tree with each number replaced; typed arrays become plain ones, which can hold what replaces them. */
function nest(tree: unknown, leaf: (path: Path) => unknown, path: Path = []): unknown {
  if (typeof tree === 'number') return leaf(path);
  if (typeof tree !== 'object' || tree === null) return undefined;
  if (tree instanceof Map)
    return new Map([...tree].map(([mapKey, v]) => [mapKey, nest(v, leaf, [...path, { mapKey }])]));
  if (Array.isArray(tree) || ArrayBuffer.isView(tree))
    return Array.from(tree as unknown as ArrayLike<unknown>, (v, key) => nest(v, leaf, [...path, { key }]));
  const out: Record<string, unknown> = {};
  for (const [key, v] of Object.entries(tree)) {
    const inner = nest(v, leaf, [...path, { key }]);
    if (inner !== undefined) out[key] = inner;
  }
  return out;
}

/** A copy with plain objects in place of instances, and nothing but numbers in objects. */
function gradientLike(tree: unknown): unknown {
  if (typeof tree === 'number') return 0;
  if (typeof tree !== 'object' || tree === null) return undefined;
  if (tree instanceof Map) return new Map([...tree].map(([k, v]) => [k, gradientLike(v)]));
  if (tree instanceof Float64Array || tree instanceof Float32Array) return tree.slice();
  if (Array.isArray(tree)) return tree.map(gradientLike);
  if (leavesOf(tree).length === 0) return undefined;
  const out: Record<string, unknown> = {};
  for (const [key, v] of Object.entries(tree)) {
    const inner = gradientLike(v);
    if (inner !== undefined) out[key] = inner;
  }
  return out;
}
