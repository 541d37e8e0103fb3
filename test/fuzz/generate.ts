/** The arbitrary of random programs (fast-check). */
import fc from 'fast-check';
import type { Arm, Cond, Expr, Helper, Index, Program, Stmt, Target, ValueType } from './ast.js';
import { FIRST_SELDOM, LAST_FUNCTION } from './render-expression.js';

/** Choices are even: left to itself, fast-check prefers the first and the last. */
const below = (n: number): fc.Arbitrary<number> => fc.noBias(fc.nat(n - 1));
const at = below(12);
/** A function; those at the end of the numbers less often. */
const someFunction = fc.oneof(
  { weight: 20, arbitrary: below(FIRST_SELDOM) },
  { weight: 1, arbitrary: below(LAST_FUNCTION + 1 - FIRST_SELDOM).map((n) => n + FIRST_SELDOM) },
);
const constant = fc.constantFrom(0.5, 2, -1.5, 0.3, 1, 3, 0, -0.7, 1.25);
const number = fc.integer({ min: -1994, max: 1994 }).map((n) => n / 997);

interface Nodes {
  expr: Expr;
  leaf: Expr;
  index: Index;
  target: Target;
  cond: Cond;
  stmt: Stmt;
  simple: Stmt;
  body: readonly Stmt[];
  exit: Stmt;
  arm: Arm;
}
const exprDepth = fc.createDepthIdentifier();
const stmtDepth = fc.createDepthIdentifier();
type Weighted<T> = { weight: number; arbitrary: fc.Arbitrary<T> };
const w = <T>(weight: number, arbitrary: fc.Arbitrary<T>): Weighted<T> => ({ weight, arbitrary });

const nodes = fc.letrec<Nodes>((tie: fc.LetrecTypedTie<Nodes>) => {
  const expr = tie('expr');
  const cond = tie('cond');
  const index = tie('index');
  const body = tie('body');
  const is = fc.constant;
  const leaves = [
    w(2, fc.record({ k: is('num' as const), v: constant })),
    w(6, fc.record({ k: is('var' as const), at })),
    w(1, fc.record({ k: is('int' as const), at })),
  ];
  const container = [
    w(5, fc.record({ k: is('elem' as const), at, index })),
    w(2, fc.record({ k: is('cell' as const), at, row: index, index })),
    w(2, fc.record({ k: is('field' as const), at, field: at, index })),
  ];
  const numbers = [expr, expr, expr];
  return {
    leaf: fc.oneof(...leaves),
    index: fc.oneof(
      { maxDepth: 2, depthIdentifier: exprDepth },
      w(5, fc.record({ i: is('lit' as const), at })),
      w(5, fc.record({ i: is('var' as const), at, plus: fc.nat(2) })),
      w(1, fc.record({ i: is('data' as const), e: tie('leaf') })),
    ),
    target: fc.record({ kind: at, at, index, row: index }),
    expr: fc.oneof(
      { maxDepth: 3, depthIdentifier: exprDepth, depthSize: 'small' },
      ...leaves,
      ...container,
      w(9, fc.record({ k: is('bin' as const), op: at, a: expr, b: expr })),
      w(10, fc.record({ k: is('math' as const), fn: someFunction, a: expr, b: expr })),
      w(2, fc.record({ k: is('cond' as const), if: cond, a: expr, b: expr })),
      w(1, fc.record({ k: is('logic' as const), op: at, a: expr, b: expr })),
      w(1, fc.record({ k: is('missing' as const), at, index, e: expr })),
      w(1, fc.record({ k: is('set' as const), target: tie('target'), op: at, e: expr })),
      w(1, fc.record({ k: is('update' as const), target: tie('target'), form: at })),
      w(3, fc.record({ k: is('call' as const), at, args: fc.tuple(...numbers) })),
      w(5, fc.record({ k: is('read' as const), at, form: at, index, e: tie('leaf') })),
      w(3, fc.record({ k: is('method' as const), at, form: below(100), a: expr, b: tie('leaf') })),
      w(1, fc.record({ k: is('chosen' as const), at, index, e: expr })),
    ),
    cond: fc.oneof(
      { maxDepth: 3, depthIdentifier: exprDepth, depthSize: 'small' },
      w(8, fc.record({ c: is('less' as const), op: at, a: expr, b: tie('leaf') })),
      w(2, fc.record({ c: is('parity' as const), at, mod: fc.integer({ min: 2, max: 3 }) })),
      w(1, fc.record({ c: is('flag' as const), at })),
      w(1, fc.record({ c: is('truthy' as const), e: expr })),
      w(1, fc.record({ c: is('not' as const), a: cond })),
      w(3, fc.record({ c: is('both' as const), op: at, a: cond, b: cond })),
    ),
    exit: fc.record({
      s: is('exit' as const),
      at,
      if: cond,
      always: fc.nat(7).map((n) => n === 0),
      e: expr,
    }),
    simple: fc.oneof(
      w(12, fc.record({ s: is('expr' as const), e: setOrUpdate(tie('target'), expr) })),
      w(4, fc.record({ s: is('number' as const), constant: fc.boolean(), e: expr })),
      w(1, fc.record({ s: is('flag' as const), e: cond })),
      w(1, fc.record({ s: is('integer' as const), at })),
      w(2, fc.record({ s: is('array' as const), form: at, e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('matrix' as const), at, shared: fc.boolean(), e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('object' as const), at, e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('tuple' as const), e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('list' as const), form: at, at, e: fc.tuple(...numbers) })),
      w(2, fc.record({ s: is('instance' as const), form: at, at, e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('map' as const), e: fc.tuple(...numbers) })),
      w(3, fc.record({ s: is('set' as const), e: fc.tuple(...numbers) })),
      w(1, fc.record({ s: is('functions' as const), at, e: fc.tuple(...numbers) })),
      w(3, fc.record({ s: is('record' as const), type: at, form: at, e: fc.tuple(...numbers) })),
      w(4, fc.record({ s: is('idiom' as const), form: below(2520), at, if: cond, e: fc.tuple(...numbers) })),
      w(7, fc.record({ s: is('change' as const), at, form: below(24), index, e: expr })),
      w(
        4,
        fc.record({
          s: is('alias' as const),
          type: at,
          at,
          other: at,
          if: fc.option(cond, { nil: undefined }),
        }),
      ),
      w(1, fc.record({ s: is('rebind' as const), type: at, at, other: at })),
      w(1, fc.record({ s: is('row' as const), at, index, other: at })),
      w(1, fc.record({ s: is('setFlag' as const), at, e: cond })),
      w(1, fc.record({ s: is('step' as const), at, form: at })),
      w(
        2,
        fc.record({
          s: is('expr' as const),
          e: fc.record({ k: is('call' as const), at, args: fc.tuple(...numbers) }),
        }),
      ),
    ),
    arm: fc.record({ body, falls: fc.boolean() }),
    stmt: fc.oneof(
      { maxDepth: 3, depthIdentifier: stmtDepth },
      w(12, tie('simple')),
      w(3, fc.record({ s: is('if' as const), if: cond, then: body, else: fc.oneof(is([]), body) })),
      w(
        4,
        fc.record({
          s: is('loop' as const),
          form: below(15),
          trips: fc.nat(4),
          if: cond,
          e: expr,
          body,
          label: fc.boolean(),
        }),
      ),
      w(1, fc.record({ s: is('each' as const), at, changing: fc.boolean(), body, label: fc.boolean() })),
      w(
        1,
        fc.record({
          s: is('switch' as const),
          on: expr,
          arms: fc.array(tie('arm'), { minLength: 1, maxLength: 4, size: 'max' }),
          fallback: at,
        }),
      ),
      w(1, fc.record({ s: is('block' as const), body })),
      w(3, tie('exit')),
      w(
        1,
        fc.record({
          s: is('inner' as const),
          arrow: fc.boolean(),
          captures: fc.boolean(),
          body,
          e: expr,
        }),
      ),
      w(
        1,
        fc.record({
          s: is('try' as const),
          payload: fc.nat(3).map((n) => n === 0),
          body,
          throwIf: cond,
          thrown: expr,
          caught: body,
          last: fc.oneof(w(2, is([])), w(1, body)),
        }),
      ),
    ),
    body: fc.array(tie('stmt'), { minLength: 1, maxLength: 4, size: 'max', depthIdentifier: stmtDepth }),
  };
});
function setOrUpdate(target: fc.Arbitrary<Target>, e: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> {
  return fc.oneof(
    w(8, fc.record({ k: fc.constant('set' as const), target, op: at, e })),
    w(1, fc.record({ k: fc.constant('update' as const), target, form: at })),
  );
}

const paramType = fc.constantFrom<ValueType>(
  'num',
  'num',
  'num',
  'arr',
  'arr',
  'f64',
  'f64',
  'mat',
  'obj',
  'tup',
  'int',
  'list',
  'map',
  'objs',
  'rec',
);
/** Numbers, arrays and objects of the module. */
const stateType = fc.constantFrom<ValueType>(
  'num',
  'num',
  'arr',
  'f64',
  'mat',
  'obj',
  'list',
  'map',
  'objs',
  'rec',
);
/** Instances of classes and functions are made by the program itself. */
const helperType = fc.oneof(w(8, paramType), w(2, fc.constantFrom<ValueType>('vec', 'opt', 'shape')));
const returned = fc.constantFrom<ValueType>(
  ...(['arr', 'f64', 'mat', 'obj', 'tup', 'list', 'vec', 'map', 'objs', 'rec', 'opt', 'shape'] as const),
);
const helper: fc.Arbitrary<Helper> = fc.record({
  params: fc.array(helperType, { minLength: 1, maxLength: 3, size: 'max' }),
  returns: fc.oneof(w(3, fc.constant('num' as const)), w(1, fc.constant('void' as const)), w(4, returned)),
  recursive: fc.nat(3).map((n) => n === 0),
  throws: fc.option(nodes.cond, { freq: 4, nil: undefined }),
  body: fc.array(nodes.stmt, { minLength: 1, maxLength: 4, size: 'max', depthIdentifier: stmtDepth }),
  e: nodes.expr,
  ends: fc.oneof(
    w(3, fc.constant(undefined)),
    w(2, fc.record({ form: below(5), if: nodes.cond, e: nodes.expr })),
  ),
});

const anyProgram: fc.Arbitrary<Program> = fc.record({
  state: fc.oneof(
    w(2, fc.constant([])),
    w(3, fc.array(stateType, { minLength: 1, maxLength: 3, size: 'max' })),
  ),
  helpers: fc.array(helper, { maxLength: 3, size: 'max' }),
  params: fc
    .array(paramType, { minLength: 1, maxLength: 3, size: 'max' })
    .map((types): ValueType[] => ['num', ...types]),
  body: fc.array(nodes.stmt, { minLength: 3, maxLength: 9, size: 'max' }),
  guard: fc.oneof(w(19, fc.constant(undefined)), w(1, fc.record({ behind: at, if: nodes.cond }))),
  e: nodes.expr,
  all: fc.constant(true),
  twice: fc.nat(4).map((n) => n === 0),
  likeGenerated: fc.nat(3).map((n) => n === 0),
  vector: fc.nat(9).map((n) => n === 0),
  numbers: fc.array(number, { minLength: 24, maxLength: 24 }),
});

const withoutMaps = (types: readonly ValueType[]): ValueType[] =>
  types.map((type) => (type === 'map' ? 'list' : type === 'rec' ? 'obj' : type));
/** What cannot be differentiated twice is left out of the programs that are. */
export const programArbitrary: fc.Arbitrary<Program> = anyProgram.map((program) =>
  program.twice
    ? {
        ...program,
        state: [],
        vector: false,
        params: withoutMaps(program.params),
        helpers: program.helpers.map((h) => ({
          ...h,
          params: withoutMaps(h.params),
          returns: h.returns === 'void' ? h.returns : withoutMaps([h.returns])[0],
        })),
      }
    : program,
);

/** Programs number `from` to `from + count` of a seed; the same for the same seed, whatever the batches are. */
export function samplePrograms(seed: number, from: number, count: number): Program[] {
  return Array.from(
    { length: count },
    (_, i) =>
      fc.sample(programArbitrary, { numRuns: 1, seed: (Math.imul(seed, 0x9e3779b1) + from + i) | 0 })[0],
  );
}
