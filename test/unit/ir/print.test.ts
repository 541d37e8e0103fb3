import { expect, it } from 'vitest';
import { BOOLEAN, NUMBER, type RecordType } from '../../../packages/compiler/src/ir/nodes.js';
import { printFunc, printModule } from '../../../packages/compiler/src/ir/print.js';
import { Build, F64, give } from './build.js';

function sumBelow(): Build {
  const b = new Build();
  b.func('sumBelow', { xs: F64, limit: NUMBER }, (_, xs, limit) => {
    const zero = b.constant(-0);
    const n = b.fresh(NUMBER, 'n');
    b.push({ kind: 'length', ref: xs, results: [n] });
    const label = b.label();
    const results = b.loop({ lo: zero, hi: n, inits: [zero], extras: ['lastIv', zero], label }, (i, s) => {
      const x = b.load(xs, i);
      b.values.setName(x, 'x');
      b.exitIf(b.scalar('gt', x, limit), label, s, i, i);
      return give(b.scalar('add', s, x));
    });
    return give(results[0]);
  });
  return b;
}

it('prints one line per operation, with names and facts as comments', () => {
  const b = sumBelow();
  const annotate = (op: { kind: string }) => (op.kind === 'load' ? 'active' : undefined);
  expect(printFunc(b.funcs.get('sumBelow')!, b.values, { annotate })).toBe(`\
func sumBelow(%0 xs: Float64Array, %1 limit: number) L0
  %2 = const -0
  %3 = length %0   ; n
  %6, %7, %8 = loop L1 from %2 while < %3 step 1 carry %2 extra lastIv, %2
    params %4, %5   ; i
    %9 = load %0[%4]   ; x, active
    %10 = gt %9, %1
    if %10
      exit L1 #1 %5, %4, %4
    else
      yield
    %11 = add %5, %9
    yield %11
  yield %6`);
});

it('prints every kind of operation', () => {
  const b = new Build();
  const point: RecordType = { kind: 'record', tuple: false, fields: [{ key: 'x', type: NUMBER }] };
  b.func('f', { n: NUMBER, c: BOOLEAN }, (label, n, c) => {
    const fresh = () => b.fresh();
    const [a, p] = [b.fresh(F64), b.fresh(point)];
    b.push({ kind: 'alloc', type: F64, length: n, results: [a] });
    b.push({ kind: 'alloc', type: F64, length: n, fill: n, results: [b.fresh(F64)] });
    b.push({ kind: 'literal', type: point, args: [n], results: [p] });
    b.push({ kind: 'load', ref: p, at: { key: 'x' }, results: [fresh()] });
    b.push({ kind: 'store', ref: p, at: { key: 'x' }, value: n, results: [] });
    b.push({ kind: 'accum', ref: a, at: { index: n }, value: n, results: [] });
    b.push({ kind: 'call', callee: 'g', args: [n, c], results: [] });
    b.push({ kind: 'outer', text: 'model.k', results: [fresh()] });
    b.push({ kind: 'foreign', template: ['log("a",\n', ')'], args: [n], pure: false, results: [] });
    b.push({
      kind: 'runtime',
      name: 'copy',
      args: [a],
      literals: ['"x"'],
      effect: 'fresh',
      results: [fresh()],
    });
    b.push({ kind: 'save', tape: 2, pair: 'a', args: [n, c], results: [] });
    b.push({ kind: 'restore', tape: 2, pair: 'a', results: [fresh(), fresh()] });
    b.push({ kind: 'const', value: 'a "b"', results: [fresh()] });
    b.push({ kind: 'const', value: undefined, results: [fresh()] });
    b.poison();
    b.block(b.label(), [], () => ({ kind: 'throw', arg: n }));
    b.loop({ lo: n, hi: n, step: -2, inclusive: true }, () => b.exit(label));
    return give();
  });
  const text = printModule(b.module);
  expect(text.split('\n').slice(1)).toEqual(
    `  %2 = alloc Float64Array %0
  %4 = alloc Float64Array %0 fill %0
  %3 = literal { x: number } %0
  %5 = load %3.x
  store %3.x, %0
  accum %2[%0], %0
  call g(%0, %1)
  %6 = outer model.k
  foreign log("a",\\n%0)
  %7 = runtime fresh copy(%2, "x")
  save T2 %0, %1
  %8, %9 = restore T2
  %10 = const "a \\"b\\""
  %11 = const undefined
  %12 = const poison
  block L1
    throw %0
  loop L2 from %0 while >= %0 step -2
    params %13   ; i
    exit L0 #1
  yield`.split('\n'),
  );
});

it('is the same text for the same functions, an empty line between two', () => {
  const [one, two] = [printModule(sumBelow().module), printModule(sumBelow().module)];
  expect(one).toBe(two);
  const b = sumBelow();
  b.func('g', {}, () => give());
  expect(printModule(b.module).split('\n\n')).toEqual([one, 'func g() L2\n  yield']);
});
