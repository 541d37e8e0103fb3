/** Arrays in the work array: random programs give the bits that they give with arrays of their own. WORK_SEED=n repeats a run. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { CHEAP_FORMS } from '../../../packages/compiler/src/options.js';
import { compileSources, type Exports } from '../../support/compile.js';
import {
  counterPrograms,
  SCRATCH_ARGUMENTS,
  type ScratchArguments,
  type ScratchProgram,
  scratchPrograms,
  tripPrograms,
} from '../../support/scratch-programs.js';
import { bitDifference, cloneTree } from '../../support/tree.js';

const seed = Number(process.env.WORK_SEED ?? Math.floor(Math.random() * 1e9));
const count = Number(process.env.WORK_PROGRAMS ?? 60);
const without = CHEAP_FORMS.filter((form) => form !== 'workArray');

type Gradient = (...args: ScratchArguments) => unknown;

const isOwn = (call: ts.CallExpression): boolean =>
  ts.isVariableDeclaration(call.parent) && call.parent.name.getText().startsWith('own_');

function outcomeOf(gradient: Gradient, args: ScratchArguments): unknown {
  try {
    return gradient(...(cloneTree(args) as ScratchArguments));
  } catch (thrown) {
    return `${(thrown as Error).name}`;
  }
}

/** What is emitted for programs, of which each is to give the same bits without the work array. */
async function bodiesOf(programs: readonly ScratchProgram[]): Promise<string[]> {
  const calls = programs.flatMap(({ name }) => [
    `export const work_${name} = valueAndGrad(${name}, { argnums: [0] });`,
    `export const own_${name} = valueAndGrad(${name}, { argnums: [0] });`,
  ]);
  const source = ["import { valueAndGrad } from 'adjoint';", ...programs.map((p) => p.source), ...calls].join(
    '\n',
  );
  const formOf = (call: ts.CallExpression) => (isOwn(call) ? { cheapForms: without } : undefined);
  const compiled = compileSources({ 'main.ts': source }, { formOf });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const all = (await compiled.load('main.ts')) as Record<string, Gradient>;
  const problems = programs.flatMap(({ name, source }) => {
    for (const args of SCRATCH_ARGUMENTS) {
      const [own, work] = ['own', 'work'].map((way) => outcomeOf(all[`${way}_${name}`], args));
      const difference = bitDifference(work, own);
      if (difference !== undefined) return [`${source}\n(${args.join('; ')}): ${difference}`];
    }
    return [];
  });
  expect(problems, `WORK_SEED=${seed}`).toEqual([]);
  return compiled.generated('main.ts').split(/^function /m);
}

test(`${count} random programs, WORK_SEED=${seed}`, async () => {
  const bodies = await bodiesOf(scratchPrograms(seed, count));
  const inWork = bodies.filter((b) => b.includes('workspace'));
  const asking = inWork.filter((b) => b.includes('_general('));
  expect(inWork.length).toBeGreaterThan(count / 5);
  expect(asking.length).toBeGreaterThan(count / 10);
}, 60_000);

test(`${count} random programs with records in trips, WORK_SEED=${seed}`, async () => {
  const bodies = await bodiesOf(tripPrograms(seed, count));
  const kept = bodies.filter((b) => /\b(kept|\w+Kept)\d* \+/.test(b));
  expect(kept.length).toBeGreaterThan(count / 5);
}, 60_000);

test(`${count} random programs with running indices, WORK_SEED=${seed}`, async () => {
  const bodies = await bodiesOf(counterPrograms(seed, count));
  const narrowed = bodies.filter((b) => b.includes('workspace') && / = \w+ \+ \d \| 0;/.test(b));
  expect(narrowed.length).toBeGreaterThan(count / 10);
}, 60_000);

/** Loads derivatives of functions that work in two arrays, of plain numbers and of typed arrays. */
async function loadPair(): Promise<Exports> {
  const body = (next: string): string => `
    const a = new Float64Array(n);
    const b = new Float64Array(n);
    let s = 0;
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < n; i++) a[i] = ${next};
      for (let i = 0; i < n; i++) b[i] = a[i] * a[0];
      for (let i = 0; i < n; i++) s += Math.sin(b[i]);
    }
    return s;`;
  const { generated, load } = compileSources({
    'main.ts': `
      import { grad, gradInto } from 'adjoint';
      function plain(x: number[], n: number): number { ${body('x[i] * (k + 1) + 0.3 * b[i]')} }
      function typed(x: Float64Array, y: Float64Array): number {
        const n = x.length;
        ${body('x[i] * (k + 1) + 0.3 * b[i] * y[i]')}
      }
      export const ofPlain = grad(plain, { argnums: [0] });
      export const ofTyped = gradInto(typed, { argnums: [0, 1] });`,
  });
  expect(generated('main.ts').match(/const work = /g)).toHaveLength(2);
  return load('main.ts');
}
const watched = <T extends object>(of: T, key: string, onRead: () => void): T =>
  new Proxy(of, {
    get: (target, k) => {
      if (k === key) onRead();
      return Reflect.get(target, k);
    },
  });

test('a derivative that runs while another one reads its arguments is noticed', async () => {
  const { ofPlain } = (await loadPair()) as Record<string, (x: number[], n: number) => unknown>;
  const x = [0.5, 0.7, 1.1];
  const want = ofPlain(x, 3);
  const took = () =>
    ofPlain(
      watched(x, '1', () => ofPlain([3, 4, 5], 3)),
      3,
    );
  expect(took).toThrow('took a derivative');
  // what throws half way leaves nothing behind
  expect(() => ofPlain(watched(x, '1', took), 3)).toThrow('took a derivative');
  expect(ofPlain(x, 3)).toEqual(want);
  expect(
    ofPlain(
      watched(x, '1', () => undefined),
      3,
    ),
  ).toEqual(want);
});
test('so it is where the parts of `out` are looked up', async () => {
  const { ofTyped } = (await loadPair()) as Record<string, (...args: unknown[]) => unknown>;
  const [x, y] = [0.3, 0.4].map((v) => new Float64Array(40).fill(v));
  const parts = () => [new Float64Array(40), new Float64Array(40)];
  const out = parts();
  expect(() =>
    ofTyped(
      watched(out, '0', () => ofTyped(parts(), y, x)),
      x,
      y,
    ),
  ).toThrow('took a derivative');
  const [own, want] = [parts(), parts()];
  ofTyped(own, x, y);
  ofTyped(
    watched(want, '0', () => undefined),
    x,
    y,
  );
  expect(own).toEqual(want);
});

test('what calls others has arrays of its own', async () => {
  const { load } = compileSources({
    'main.ts': `
      import { valueAndGrad } from 'adjoint';
      function told(x: Float64Array, tell: (v: number) => void): number {
        const n = x.length;
        const a = new Float64Array(n);
        const b = new Float64Array(n);
        let s = 0;
        for (let k = 0; k < 3; k++) {
          for (let i = 0; i < n; i++) a[i] = x[i] * (k + 1) + 0.3 * b[i];
          tell(a[0]);
          for (let i = 0; i < n; i++) b[i] = a[i] * a[0];
          for (let i = 0; i < n; i++) s += Math.sin(b[i]);
        }
        return s;
      }
      export const ofTold = valueAndGrad(told, { argnums: [0] });`,
  });
  const { ofTold } = (await load('main.ts')) as Record<
    string,
    (x: Float64Array, tell: (v: number) => void) => unknown
  >;
  const x = Float64Array.of(0.5, 0.7, 1.1);
  const other = Float64Array.of(3, 4, 5);
  const want = ofTold(x, () => undefined);
  expect(ofTold(x, () => ofTold(other, () => undefined))).toEqual(want);
});
