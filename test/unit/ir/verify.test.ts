/** What a module can have wrong as a whole: visibility, control flow, poison. */
import { describe, expect, it } from 'vitest';
import { BOOLEAN, NUMBER, type Terminator } from '../../../packages/compiler/src/ir/nodes.js';
import { assertValid, verifyModule } from '../../../packages/compiler/src/ir/verify.js';
import { type Body, Build, give, MAYBE, messages } from './build.js';

/** One rule broken each; the message that says so. */
const BROKEN: Readonly<Record<string, readonly [Body, string]>> = {
  'undefined value': [(b) => give(b.fresh()), 'f: yield %4: %4 is not defined here'],
  'use before definition': [
    (b, { n }) => {
      const late = b.fresh();
      const sum = b.scalar('add', n, late);
      b.push({ kind: 'const', value: 1, results: [late] });
      return give(sum);
    },
    'f: %5 = add %0, %4: %4 is not defined here',
  ],
  'value of an inner region outside it': [
    (b, { n, c }) => {
      let inner = n;
      const arm = () => {
        inner = b.scalar('neg', n);
        return give();
      };
      b.if(c, arm, () => give());
      return give(inner);
    },
    'f: yield %4: %4 is not defined here',
  ],
  'value of the other arm': [
    (b, { n, c }) => {
      let inner = n;
      const arm = () => {
        inner = b.scalar('neg', n);
        return give();
      };
      b.if(c, arm, () => {
        b.scalar('neg', inner);
        return give();
      });
      return give();
    },
    'f: %5 = neg %4: %4 is not defined here',
  ],
  'carried value outside its loop': [
    (b, { n }) => {
      let carried = n;
      b.loop({ lo: n, hi: n, inits: [n] }, (_, x) => {
        carried = x;
        return give(x);
      });
      return give(carried);
    },
    'f: yield %5: %5 is not defined here',
  ],
  'result inside its own construct': [
    (b, { n }) => {
      const v = b.fresh();
      const body = b.region(() => give(v));
      b.push({ kind: 'block', label: b.label(), body, results: [v] });
      return give(n);
    },
    'f: yield %4: %4 is not defined here',
  ],
  'two definitions': [
    (b, { n }) => {
      const v = b.scalar('neg', n);
      b.push({ kind: 'const', value: 1, results: [v] });
      return give(v);
    },
    'f: %4 = const 1: %4 is defined twice',
  ],
  'arm that yields too little': [
    (b, { n, c }) =>
      give(
        ...b.if(
          c,
          () => give(n),
          () => give(),
          [NUMBER],
        ),
      ),
    'f: yield: gives 0 values, but the if takes 1',
  ],
  'arm that yields another kind': [
    (b, { n, c }) =>
      give(
        ...b.if(
          c,
          () => give(n),
          () => give(c),
          [NUMBER],
        ),
      ),
    'f: yield %1: value %1 has type boolean, but %4 has number',
  ],
  'trip that yields too much': [
    (b, { n }) => {
      b.loop({ lo: n, hi: n }, () => give(n));
      return give();
    },
    'f: yield %0: gives 1 values, but the loop trip takes 0',
  ],
  'initial value of another kind': [
    (b, { n, c }) => {
      const body = b.region(() => give(n), [b.fresh(), b.fresh()]);
      const loop = { lo: n, hi: n, step: 1, inclusive: false, inits: [c], extras: [] } as const;
      b.push({ kind: 'loop', label: b.label(), ...loop, body, results: [b.fresh()] });
      return give();
    },
    'f: %6 = loop L1 from %0 while < %0 step 1 carry %1: initial value %1 has type boolean, but %5 has number',
  ],
  'exit from what does not enclose it': [
    (b, { n, c }) => {
      const label = b.label();
      b.block(label, [], () => give());
      b.exitIf(c, label);
      return give(n);
    },
    'f: exit L1 #1: leaves a construct that does not enclose it',
  ],
  'exit with too few values': [
    (b, { n, c }) => {
      const label = b.label();
      return give(
        ...b.block(label, [NUMBER], () => {
          b.exitIf(c, label);
          return give(n);
        }),
      );
    },
    'f: exit L1 #1: gives 0 values, but the block takes 1',
  ],
  'exit from a loop without its extras': [
    (b, { n, c }) => {
      const label = b.label();
      b.loop({ lo: n, hi: n, inits: [n], extras: ['lastIv'], label }, (_, x) => {
        b.exitIf(c, label, x);
        return give(x);
      });
      return give();
    },
    'f: exit L1 #1 %5: gives 1 values, but the loop takes 2',
  ],
  'return with too few values': [
    (b, { label, n, c }) => {
      b.exitIf(c, label);
      return give(n);
    },
    'f: exit L0 #1: gives 0 values, but the function takes 1',
  ],
  'a label used twice': [
    (b) => {
      const label = b.label();
      b.block(label, [], () => give());
      b.block(label, [], () => give());
      return give();
    },
    'f: block L1: label L1 is used twice',
  ],
  'a site used twice': [
    (b, { label, c }) => {
      const leave = (): Terminator => ({ kind: 'exit', target: label, site: 3, args: [] });
      b.if(c, leave, leave);
      return give();
    },
    'f: exit L0 #3: site 3 is used twice',
  ],
  'site 0': [
    (_, { label }) => ({ kind: 'exit', target: label, site: 0, args: [] }),
    'f: exit L0 #0: site 0 is not a positive integer',
  ],
  'poison in an operation': [
    (b, { n }) => give(b.scalar('add', n, b.poison())),
    'f: %5 = add %0, %4: poison %4 is used',
  ],
  'poison thrown': [(b) => ({ kind: 'throw', arg: b.poison() }), 'f: throw %4: poison %4 is used'],
  'poison as a bound': [
    (b, { n }) => {
      b.loop({ lo: n, hi: b.poison() }, () => give());
      return give();
    },
    'f: loop L1 from %0 while < %4 step 1: poison %4 is used',
  ],
};

describe('one rule broken', () => {
  it.each(Object.entries(BROKEN))('%s', (_, [body, message]) => {
    expect(messages(body)).toEqual([message]);
  });

  it('values of another function, and keys', () => {
    const b = new Build();
    const f = b.func('f', { n: NUMBER }, (_, n) => give(n));
    b.func('g', {}, () => give(f.params[0]));
    expect(verifyModule(b.module)).toEqual(['g: yield %0: %0 is not defined here']);
    const same = new Map([
      ['f', f],
      ['h', f],
    ]);
    expect(verifyModule({ funcs: same, values: b.values })).toEqual([
      'h: function: is stored under another key than its own, f',
      'h: function: %0 is defined twice',
    ]);
  });
});

describe('what is allowed', () => {
  it('poison that only passes', () => {
    const allowed: Body = (b, { label, n, c }) => {
      const none = b.poison(BOOLEAN);
      b.push({ kind: 'save', tape: 0, pair: 'a', args: [none, n], results: [] });
      const loop = b.label();
      b.loop({ lo: n, hi: n, inits: [none], extras: [none], label: loop }, (_i, v) => {
        b.exitIf(c, loop, none, none);
        return give(v);
      });
      b.exitIf(c, label, none);
      const [z] = b.if(
        c,
        () => give(none),
        () => give(n),
        [NUMBER],
      );
      // what it has become by then is not poison
      return give(b.scalar('add', z, n));
    };
    expect(messages(allowed)).toEqual([]);
  });
  it('a missing value where it may be missing', () => {
    const allowed: Body = (b, { n, a, c }) => {
      const v = b.fresh(MAYBE);
      b.push({ kind: 'load', ref: a, at: { index: n }, results: [v] });
      const nothing = b.fresh({ kind: 'nullish' });
      b.push({ kind: 'const', value: null, results: [nothing] });
      const [w] = b.if(
        c,
        () => give(nothing),
        () => give(v),
        [MAYBE],
      );
      b.scalar('isNullish', w);
      const known = b.fresh();
      b.push({ kind: 'scalar', fn: 'unwrap', args: [w], results: [known] });
      return give(b.scalar('add', known, n));
    };
    expect(messages(allowed)).toEqual([]);
  });
  it('a function that never returns, and recursion', () => {
    const b = new Build();
    b.func('f', { n: NUMBER }, (_, n) => ({ kind: 'throw', arg: n }));
    b.func('g', { n: NUMBER }, (label, n) => {
      const [x, y] = [b.fresh(), b.fresh()];
      b.push({ kind: 'call', callee: 'f', args: [n], results: [x] });
      b.push({ kind: 'call', callee: 'g', args: [x], results: [y] });
      return b.exit(label, y);
    });
    expect(verifyModule(b.module)).toEqual([]);
  });
});

describe('assertValid', () => {
  it('names the pass and what is wrong', () => {
    const b = new Build();
    b.func('f', {}, () => give(b.fresh()));
    expect(() => assertValid(b.module, 'simplify')).toThrow(
      'invalid IR after simplify:\n  f: yield %0: %0 is not defined here',
    );
    b.funcs.clear();
    expect(() => assertValid(b.module, 'simplify')).not.toThrow();
  });
  it('stops listing after ten', () => {
    const b = new Build();
    b.func('f', {}, () => give(...Array.from({ length: 13 }, () => b.fresh())));
    expect(() => assertValid(b.module, 'x')).toThrow(/and 3 more$/);
  });
});
