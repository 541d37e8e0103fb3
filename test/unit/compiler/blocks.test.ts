// Markers in blocks of a module: what a block declares is not to be seen from the end of the file, where generated code stands.
import { expect, test } from 'vitest';
import { compileSources } from '../../support/compile.js';

const source = `
  import { grad, gradInto } from 'adjoint';
  const found = new Map<string, unknown>();
  // names of the module that blocks have too
  const k = 10;
  const weight = (x: number): number => x * k;
  for (const k of [2, 3]) {
    const slope = grad((v: number[]) => v[0] * k * weight(v[1]));
    found.set(\`loop \${k}\`, slope([1, 2]));
    const taped = grad((v: number[]) => v[0] * k * weight(v[1]), { backend: 'tape' });
    found.set(\`taped \${k}\`, taped([1, 2]));
  }
  {
    let n = 0;
    const square = (x: number): number => x * x * (n + 1);
    const slope = grad((x: number) => {
      n++;
      return square(x) * n;
    });
    found.set('state', [slope(2), slope(2), n]);
  }
  if (found.size > 0) {
    const weight = { by: (x: number): number => x * x };
    class Point {
      constructor(readonly x: number) {}
      square(): number {
        return weight.by(this.x) * this.x;
      }
    }
    const slope = grad((x: number) => new Point(x).square());
    found.set('class', slope(3));
  }
  try {
    throw new Error('3');
  } catch (error) {
    const factor = Number((error as Error).message);
    function triple(x: number): number {
      return x * factor;
    }
    found.set('caught', grad((x: number) => triple(x) * x)(2));
  }
  switch (found.size) {
    case 0:
      break;
    default: {
      const w = [1, 2];
      const into = gradInto((x: number[]) => x[0] * w[0] + x[1] * w[1] * x[1]);
      const out = [0, 0];
      into(out, [1, 1]);
      found.set('into', out);
    }
  }
  export { found };
`;

const WANTED = {
  'loop 2': [40, 20],
  'taped 2': [40, 20],
  'loop 3': [60, 30],
  'taped 3': [60, 30],
  state: [8, 24, 2],
  class: 27,
  caught: 12,
  into: [1, 4],
};

test.each([false, true])('names of blocks, check mode %s', async (check) => {
  const { found } = await compileSources({ 'input.ts': source }, { check }).load('input.ts');
  expect(Object.fromEntries(found as unknown as Map<string, unknown>)).toEqual(WANTED);
});
