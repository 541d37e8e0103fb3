// Values as trees of numbers: leaves, paths, copies.
import { expect, test } from 'vitest';
import {
  copyTree,
  isClassInstance,
  leavesOf,
  mapLeaves,
  printPath,
  readAt,
  writeAt,
} from '../../../packages/runtime/dist/tree.js';

class Point {
  name = 'p';
  constructor(
    public x: number,
    public y: number,
  ) {}
  get norm(): number {
    return Math.hypot(this.x, this.y);
  }
}

const sample = () => ({
  w: [
    [1, 2],
    [3, 4],
  ],
  b: Float64Array.of(5, 6),
  s: Float32Array.of(7),
  point: new Point(8, 9),
  named: new Map<string, number | number[]>([
    ['a', 10],
    ['b', [11]],
  ]),
  'odd key': 12,
  text: 'x',
  flag: true,
  count: Int32Array.of(99),
  day: new Date(0),
  numbers: new Set([98]),
  call: () => 97,
  none: undefined,
  nothing: null,
});

test('leaves stand in order, with paths that read as source', () => {
  const found = leavesOf(sample()).map((leaf) => [printPath(leaf.path, 'p'), leaf.value]);
  expect(found).toEqual([
    ['p.w[0][0]', 1],
    ['p.w[0][1]', 2],
    ['p.w[1][0]', 3],
    ['p.w[1][1]', 4],
    ['p.b[0]', 5],
    ['p.b[1]', 6],
    ['p.s[0]', 7],
    ['p.point.x', 8],
    ['p.point.y', 9],
    ['p.named.get("a")', 10],
    ['p.named.get("b")[0]', 11],
    ['p["odd key"]', 12],
  ]);
  expect(leavesOf(3)).toEqual([{ path: [], value: 3 }]);
  expect(leavesOf('3')).toEqual([]);
});

test('each leaf can be read and overwritten at its path', () => {
  const tree = sample();
  for (const { path, value } of leavesOf(tree)) {
    expect(readAt(tree, path)).toBe(value);
    writeAt(tree, path, -value);
    expect(readAt(tree, path)).toBe(-value);
  }
  expect(readAt(tree, [{ key: 'missing' }, { key: 0 }])).toBeUndefined();
  expect(() => writeAt(tree, [{ key: 'missing' }, { key: 0 }], 1)).toThrow(RangeError);
});

test('a copy equals the tree, keeps classes and shares no numbers', () => {
  const tree = sample();
  const copy = copyTree(tree);
  expect(copy).toEqual(tree);
  expect(copy.point).toBeInstanceOf(Point);
  expect(copy.point.norm).toBe(tree.point.norm);
  expect(copy.b).toBeInstanceOf(Float64Array);
  expect(copy.call).toBe(tree.call);
  for (const { path } of leavesOf(tree)) writeAt(tree, path, 0);
  tree.count[0] = 0;
  expect(copy).toEqual(sampleWith(copy.call));
});

function sampleWith(call: () => number) {
  return { ...sample(), call };
}

test('copies of frozen values can be written, views get their own memory', () => {
  const frozen = Object.freeze({ x: 1, xs: Object.freeze([1, 2]) as number[] });
  const copy = copyTree(frozen) as { x: number; xs: number[] };
  copy.x = 2;
  copy.xs.push(3);
  expect(copy).toEqual({ x: 2, xs: [1, 2, 3] });
  const memory = new Float64Array([1, 2, 3]);
  const view = copyTree(memory.subarray(1));
  view[0] = 9;
  expect([...memory, ...view]).toEqual([1, 2, 3, 9, 3]);
  const bytes = Buffer.from([1, 2]);
  copyTree(bytes)[0] = 9;
  expect(bytes[0]).toBe(1);
});

test('every path to a shared array counts; a way back to a container is not followed', () => {
  const row = [1, 2];
  const copy = copyTree([row, row]) as number[][];
  expect(leavesOf([row, row])).toHaveLength(4);
  expect(copy[0]).not.toBe(copy[1]);
  const node: { value: number; self?: unknown; list: unknown[] } = { value: 1, list: [] };
  node.self = node;
  node.list.push(node);
  expect(leavesOf(node).map((leaf) => printPath(leaf.path))).toEqual(['.value']);
  const again = copyTree(node);
  expect(again.self).toBe(again);
  expect(again.list[0]).toBe(again);
});

test('mapLeaves replaces the numbers of a copy', () => {
  const tree = { a: [1, 2], b: new Map([['k', 3]]), c: 'x' };
  expect(mapLeaves(tree, (path, value) => value * 10 + path.length)).toEqual({
    a: [12, 22],
    b: new Map([['k', 32]]),
    c: 'x',
  });
  expect(tree.a).toEqual([1, 2]);
  expect(mapLeaves(4, (_path, value) => value + 1)).toBe(5);
});

test('class instances are told from containers and plain objects', () => {
  expect(isClassInstance(new Point(1, 2))).toBe(true);
  for (const value of [{}, [], new Map(), new Float64Array(1), Object.create(null), null, 1]) {
    expect(isClassInstance(value)).toBe(false);
  }
});
