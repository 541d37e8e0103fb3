import { checkTree } from 'adjoint/internal';
import { describe, expect, it } from 'vitest';

describe('what is copied part by part', () => {
  const memory = Float64Array.of(1, 2, 3, 4);
  const check = (x: unknown) => () => checkTree(x, 'structuredClone copies');

  it('holds no object twice', () => {
    const row = [1];
    expect(check([row, [row]])).toThrow('structuredClone copies an object that holds one object twice');
  });
  it('holds no two views that overlap', () => {
    expect(check({ a: memory, b: memory.subarray(3) })).toThrow('two views of the same memory');
    expect(check([memory.subarray(0, 2), memory.subarray(1, 3)])).toThrow('two views of the same memory');
  });
  it('may hold views that lie apart', () => {
    expect(check([memory.subarray(0, 2), memory.subarray(2), memory.subarray(1, 1)])).not.toThrow();
  });
});
