/** What an operation can have wrong by itself: operands, results, types. */
import { expect, it } from 'vitest';
import { BOOLEAN } from '../../../packages/compiler/src/ir/nodes.js';
import { type Body, F64, give, MAYBE, messages, NUMBERS, POINT } from './build.js';

/** One rule broken each; the message that says so. */
const BROKEN: Readonly<Record<string, readonly [Body, string]>> = {
  'unknown scalar operation': [
    (b, { n }) => {
      b.push({ kind: 'scalar', fn: 'gamma', args: [n], results: [b.fresh()] });
      return give();
    },
    "f: %4 = gamma %0: no scalar rule named 'gamma'",
  ],
  'wrong number of scalar arguments': [
    (b, { n }) => give(b.scalar('add', n)),
    'f: %4 = add %0: needs 2 arguments',
  ],
  'boolean in arithmetic': [
    (b, { n, c }) => give(b.scalar('add', n, c)),
    'f: %4 = add %0, %1: argument %1 has type boolean instead of number',
  ],
  'missing number in arithmetic': [
    (b, { n }) => {
      const v = b.fresh(MAYBE);
      b.push({ kind: 'outer', text: 'k', results: [v] });
      return give(b.scalar('add', n, v));
    },
    'f: %5 = add %0, %4: argument %4 has type number? instead of number',
  ],
  'number in a boolean operation': [
    (b, { n, c }) => give(b.scalar('and', n, c)),
    'f: %4 = and %0, %1: argument %0 has type number instead of boolean',
  ],
  'result type of a scalar operation': [
    (b, { n }) => {
      const v = b.fresh(BOOLEAN);
      b.push({ kind: 'scalar', fn: 'neg', args: [n], results: [v] });
      return give(v);
    },
    'f: %4 = neg %0: result %4 has type boolean instead of number',
  ],
  'select between kinds': [
    (b, { n, c, a }) => give(b.scalar('select', c, a, n)),
    'f: %4 = select %1, %2, %0: argument %2 has type Float64Array instead of number',
  ],
  'select on a number': [
    (b, { n }) => give(b.scalar('select', n, n, n)),
    'f: %4 = select %0, %0, %0: condition %0 has type number instead of boolean',
  ],
  'number of results': [
    (b, { a, n }) => {
      b.push({ kind: 'load', ref: a, at: { index: n }, results: [] });
      return give();
    },
    'f: load %2[%0]: needs 1 results',
  ],
  'load from a number': [
    (b, { n }) => give(b.load(n, n)),
    'f: %4 = load %0[%0]: %0 of type number has no slot []',
  ],
  'load of an unknown field': [
    (b, { p }) => {
      const v = b.fresh();
      b.push({ kind: 'load', ref: p, at: { key: 'z' }, results: [v] });
      return give(v);
    },
    'f: %4 = load %3.z: %3 of type { x: number } has no slot .z',
  ],
  'record read by index': [
    (b, { p, n }) => give(b.load(p, n)),
    'f: %4 = load %3[%0]: %3 of type { x: number } has no slot []',
  ],
  'boolean index': [
    (b, { a, c }) => give(b.load(a, c)),
    'f: %4 = load %2[%1]: index %1 has type boolean instead of number',
  ],
  'load of another kind': [
    (b, { a, n }) => {
      const v = b.fresh(BOOLEAN);
      b.push({ kind: 'load', ref: a, at: { index: n }, results: [v] });
      return give(v);
    },
    'f: %4 = load %2[%0]: a slot of type number gives boolean',
  ],
  'store of another kind': [
    (b, { a, n, c }) => {
      b.push({ kind: 'store', ref: a, at: { index: n }, value: c, results: [] });
      return give();
    },
    'f: store %2[%0], %1: value %1 has type boolean instead of number',
  ],
  'accumulated reference': [
    (b, { n, a }) => {
      const rows = b.fresh({ ...NUMBERS, elem: F64 });
      b.push({ kind: 'outer', text: 'rows', results: [rows] });
      b.push({ kind: 'accum', ref: rows, at: { index: n }, value: a, results: [] });
      return give();
    },
    'f: accum %4[%0], %2: value %2 has type Float64Array instead of number',
  ],
  'length of a number': [
    (b, { n }) => {
      const v = b.fresh();
      b.push({ kind: 'length', ref: n, results: [v] });
      return give(v);
    },
    'f: %4 = length %0: %0 has no length',
  ],
  'fill of another kind': [
    (b, { n, c }) => {
      b.push({ kind: 'alloc', type: F64, length: n, fill: c, results: [b.fresh(F64)] });
      return give();
    },
    'f: %4 = alloc Float64Array %0 fill %1: fill %1 has type boolean instead of number',
  ],
  'literal with too few fields': [
    (b) => {
      b.push({ kind: 'literal', type: POINT, args: [], results: [b.fresh(POINT)] });
      return give();
    },
    'f: %4 = literal { x: number }: needs 1 fields',
  ],
  'literal with an element of another kind': [
    (b, { c }) => {
      b.push({ kind: 'literal', type: NUMBERS, args: [c], results: [b.fresh(NUMBERS)] });
      return give();
    },
    'f: %4 = literal number[] %1: element %1 has type boolean instead of number',
  ],
  'number as a condition': [
    (b, { n }) => {
      b.if(
        n,
        () => give(),
        () => give(),
      );
      return give();
    },
    'f: if %0: condition %0 has type number instead of boolean',
  ],
  'results of a loop': [
    (b, { n }) => {
      const body = b.region(() => give(), [b.fresh()]);
      const loop = { lo: n, hi: n, step: 1, inclusive: false, inits: [], extras: ['lastIv'] } as const;
      b.push({ kind: 'loop', label: b.label(), ...loop, body, results: [] });
      return give();
    },
    'f: loop L1 from %0 while < %0 step 1 extra lastIv: has 0 results for 0 carried values and 1 extras',
  ],
  'parameters of a loop body': [
    (b, { n }) => {
      const body = b.region(() => give());
      const loop = { lo: n, hi: n, step: 1, inclusive: false, inits: [], extras: [] } as const;
      b.push({ kind: 'loop', label: b.label(), ...loop, body, results: [] });
      return give();
    },
    'f: loop L1 from %0 while < %0 step 1: body has 0 parameters instead of 1',
  ],
  'step of a loop': [
    (b, { n }) => {
      b.loop({ lo: n, hi: n, step: 0 }, () => give());
      return give();
    },
    'f: loop L1 from %0 while < %0 step 0: step 0 is not an integer other than 0',
  ],
  'call of nothing': [
    (b) => {
      b.push({ kind: 'call', callee: 'g', args: [], results: [] });
      return give();
    },
    "f: call g(): there is no function 'g'",
  ],
  'call with too few arguments': [
    (b, { n }) => {
      b.push({ kind: 'call', callee: 'f', args: [n], results: [] });
      return give();
    },
    'f: call f(%0): needs 4 arguments',
  ],
  'call with an argument of another kind': [
    (b, { n, a, p }) => {
      b.push({ kind: 'call', callee: 'f', args: [n, n, a, p], results: [] });
      return give();
    },
    'f: call f(%0, %0, %2, %3): argument %0 has type number instead of boolean',
  ],
  'call with too few results': [
    (b, { n, c, a, p }) => {
      b.push({ kind: 'call', callee: 'f', args: [n, c, a, p], results: [] });
      return give(n);
    },
    'f: call f(%0, %1, %2, %3): needs 1 results',
  ],
  'template with too few holes': [
    (b, { n }) => {
      b.push({ kind: 'foreign', template: ['g()'], args: [n], pure: true, results: [b.fresh()] });
      return give();
    },
    'f: %4 = foreign pure g(): template has 0 holes for 1 arguments',
  ],
};

it.each(Object.entries(BROKEN))('%s', (_, [body, message]) => {
  expect(messages(body)).toEqual([message]);
});
