/** Prints expressions of random programs. */
import type { Cond, Expr, Index, Target, ValueType } from './ast.js';
import * as containers from './render-containers.js';
import { freshRecord } from './render-records.js';

export interface Variable {
  readonly name: string;
  readonly type: ValueType;
  readonly assignable: boolean;
  /** Of the module: all functions see it. */
  readonly global?: true;
}
export interface Callable {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly returns: ValueType | 'void';
  /** Has a last parameter that bounds the depth. */
  readonly recursive: boolean;
  /** May throw: called only where that is caught. */
  readonly throws?: boolean;
}
export interface Scope {
  readonly variables: readonly Variable[];
  readonly callables: readonly Callable[];
  /** Loops around this place: assignments are damped in them. */
  readonly depth: number;
  /** What is thrown here is caught. */
  readonly caught: boolean;
  /** Counts the constructs used. */
  readonly used: Map<string, number>;
}

const BINARY = ['+', '-', '*', '+', '-', '*', '/', '%', '**', '*', '+', '-'];
const COMPARE = ['<', '>', '<=', '>=', '<', '>', '===', '!=='];
const ASSIGN = ['=', '=', '+=', '-=', '*=', '/=', '**=', '%=', '&&=', '||=', '+=', '??='];
/** Templates over operands `a`, `b` that stay in the domain of the function and keep values small. */
const MATH: readonly [string, (a: string, b: string) => string][] = [
  ['sin', (a) => `Math.sin(${a})`],
  ['cos', (a) => `Math.cos(${a})`],
  ['tan', (a) => `Math.tan(Math.sin(${a}))`],
  ['asin', (a) => `Math.asin(0.9 * Math.sin(${a}))`],
  ['acos', (a) => `Math.acos(0.9 * Math.cos(${a}))`],
  ['atan', (a) => `Math.atan(${a})`],
  ['atan2', (a, b) => `Math.atan2(${a}, 1.5 + Math.abs(${b}))`],
  ['sinh', (a) => `Math.sinh(Math.sin(${a}))`],
  ['cosh', (a) => `Math.cosh(Math.sin(${a}))`],
  ['tanh', (a) => `Math.tanh(${a})`],
  ['asinh', (a) => `Math.asinh(${a})`],
  ['acosh', (a) => `Math.acosh(1.5 + Math.abs(${a}))`],
  ['atanh', (a) => `Math.atanh(0.9 * Math.sin(${a}))`],
  ['exp', (a) => `Math.exp(Math.sin(${a}))`],
  ['expm1', (a) => `Math.expm1(Math.cos(${a}))`],
  ['log', (a) => `Math.log(1.5 + Math.abs(${a}))`],
  ['log1p', (a) => `Math.log1p(Math.abs(${a}))`],
  ['log2', (a) => `Math.log2(1.5 + Math.abs(${a}))`],
  ['log10', (a) => `Math.log10(1.5 + Math.abs(${a}))`],
  ['sqrt', (a) => `Math.sqrt(0.5 + Math.abs(${a}))`],
  ['cbrt', (a) => `Math.cbrt(1.5 + Math.sin(${a}))`],
  ['hypot', (a, b) => `Math.hypot(${a}, ${b}, 0.5)`],
  ['pow', (a, b) => `Math.pow(1.5 + Math.sin(${a}), ${b})`],
  ['pow', (a, b) => `Math.pow(0.5 + Math.abs(${b}), Math.cos(${a}))`],
  ['abs', (a) => `Math.abs(${a})`],
  ['max', (a, b) => `Math.max(${a}, ${b})`],
  ['min', (a, b) => `Math.min(${a}, ${b}, 0.8)`],
  ['floor', (a) => `Math.floor(${a})`],
  ['round', (a) => `Math.round(${a})`],
  ['trunc', (a) => `Math.trunc(${a})`],
  ['ceil', (a) => `Math.ceil(${a})`],
  ['sign', (a) => `Math.sign(${a})`],
  ['clz32', (a) => `Math.clz32(${a})`],
  ['imul', (a, b) => `(Math.imul(${a}, ${b}) % 5)`],
  ['plus', (a) => `(+${a})`],
  ['minus', (a) => `(-${a})`],
  // derivatives of their derivatives choose
  ['power', (a) => `((1.2 + Math.sin(${a})) ** Math.cos(${a}))`],
  ['larger', (a) => `Math.max(Math.sin(${a}), 0.3 * Math.cos(${a}))`],
  ['largest of three', (a, b) => `Math.max(-0.4, ${b}, ${a})`],
  ['smaller', (a, b) => `Math.min(${b}, ${a})`],
  ['boolean', (a, b) => `Number(${a} > ${b})`],
  ['loosely equal', (a, b) => `(Number(${a}) == Number(${b}) ? ${a} : ${b})`],
  ['loosely different', (a, b) => `(Number(${a}) != Number(${b}) ? ${a} : 0.2)`],
  ['bitand', (a, b) => `((${a} * 9) & (${b} * 5))`],
  ['bitand', (a) => `((${a} * 7) & 6)`],
  ['bitor', (a) => `(((${a} * 9) | 2) % 7)`],
  ['bitxor', (a, b) => `(((${a} * 9) ^ ${b}) % 7)`],
  ['bitxor', (a) => `(((${a} * 5) ^ 3) % 7)`],
  ['bitnot', (a) => `(~(${a} * 3) % 7)`],
  ['shl', (a) => `((${a} << 2) % 7)`],
  ['shl', (a, b) => `(((${a} * 5) << Number(${b} > 0.1)) % 7)`],
  ['shr', (a) => `(((${a} * 9) >> 1) % 7)`],
];

/** Seldom, at the end of the numbers of functions: differences are no oracle for the first ones, and the last cost much. */
const SELDOM: typeof MATH = [
  ['stopGradient', (a) => `stopGradient(${a})`],
  ['fround', (a) => `Math.fround(${a})`],
  ['stopGradient', (a, b) => `(stopGradient(${a}) * ${b})`],
  ['fround', (a) => `Math.fround(Math.cos(${a}))`],
  ['fround', (a, b) => `(${b} + Math.fround(Math.sin(${a})))`],
  ['fround', (a, b) => `(Math.fround(${a}) * ${b})`],
  ['fround', (a, b) => `Math.fround(${a} - ${b})`],
  [
    'root',
    (a) =>
      `implicit((r: number, t: number) => r + 0.5 * Math.sin(r) - t, 0.1, Math.sin(${a}), { tolerance: 1e-14 })`,
  ],
  [
    'roots',
    (a, b) =>
      `implicit((r: number[], t: number[]) => [r[0] + 0.3 * Math.sin(r[1]) - t[0], r[1] + 0.3 * Math.cos(r[0]) - t[1]], [0.1, 0.2], [Math.sin(${a}), Math.cos(${b})], { tolerance: 1e-14 })[1]`,
  ],
];
export const LAST_FUNCTION = 299;
/** From here on, functions are of the second list. */
export const FIRST_SELDOM = LAST_FUNCTION + 1 - SELDOM.length;

/** Smooth functions, which what is assigned in loops goes through: it stays small. */
const DAMPING = MATH.filter(([name]) =>
  /^(a?sinh?|a?cosh?|a?tanh?|atan2|exp|expm1|log|log1p|log2|log10|sqrt|cbrt|pow|minus|power|larger)$/.test(
    name,
  ),
);
export function damped(text: string, at: number): string {
  const [name, template] = DAMPING[at % DAMPING.length];
  return template(name === 'sin' ? text : `1.5 + Math.sin(${text})`, '0.7');
}

export function count(scope: Scope, what: string): void {
  scope.used.set(what, (scope.used.get(what) ?? 0) + 1);
}
export function ofType(scope: Scope, ...types: ValueType[]): Variable[] {
  return scope.variables.filter((v) => types.includes(v.type));
}
export function pick<T>(list: readonly T[], at: number): T | undefined {
  return list.length === 0 ? undefined : list[at % list.length];
}
export function literal(v: number): string {
  return v < 0 || Object.is(v, -0) ? `(${Object.is(v, -0) ? '-0' : v})` : String(v);
}

/** An index in range of `length` elements. */
export function index(scope: Scope, i: Index, length: number): string {
  if (i.i === 'lit') return String(i.at % length);
  if (i.i === 'var') {
    const name = pick(ofType(scope, 'int'), i.at)?.name;
    if (name === undefined) return String(i.at % length);
    return i.plus === 0 ? `${name} % ${length}` : `(${name} + ${i.plus}) % ${length}`;
  }
  count(scope, 'index from data');
  return `((Math.abs(${expression(scope, i.e)}) * 7) >>> 0) % ${length}`;
}

export function expression(scope: Scope, e: Expr): string {
  count(scope, e.k);
  switch (e.k) {
    case 'num':
      return literal(e.v);
    case 'var':
      return pick(ofType(scope, 'num'), e.at)?.name ?? '0.6';
    case 'int':
      return pick(ofType(scope, 'int'), e.at)?.name ?? '2';
    case 'elem': {
      const name = pick(ofType(scope, 'arr', 'f64'), e.at)?.name;
      return name === undefined ? fallback(scope, e.at) : `${name}[${index(scope, e.index, 3)}]`;
    }
    case 'missing': {
      const name = pick(ofType(scope, 'arr', 'f64'), e.at)?.name;
      if (name === undefined) return expression(scope, e.e);
      const element = `${name}[${index(scope, e.index, 3)} + ${e.at % 3}]`;
      const otherwise = expression(scope, e.e);
      return e.at % 3 === 2
        ? `(${element} === undefined ? ${otherwise} : ${element})`
        : `(${element} ?? ${otherwise})`;
    }
    case 'cell': {
      const name = pick(ofType(scope, 'mat'), e.at)?.name;
      if (name === undefined) return fallback(scope, e.at);
      return `${name}[${index(scope, e.row, 2)}][${index(scope, e.index, 3)}]`;
    }
    case 'field':
      return field(scope, e.at, e.field, e.index) ?? fallback(scope, e.at);
    case 'bin':
      return binary(scope, e.op, expression(scope, e.a), expression(scope, e.b));
    case 'math': {
      // of a constant there is no derivative
      const of = e.a.k === 'num' || e.a.k === 'int' ? ({ k: 'var', at: e.fn } as const) : e.a;
      const [name, template] = SELDOM[LAST_FUNCTION - e.fn] ?? MATH[e.fn % MATH.length];
      count(scope, `Math.${name}`);
      return template(expression(scope, of), expression(scope, e.b));
    }
    case 'cond':
      return `(${condition(scope, e.if)} ? ${expression(scope, e.a)} : ${expression(scope, e.b)})`;
    case 'logic':
      return `(${operand(scope, e.a)} ${e.op % 2 ? '&&' : '||'} ${expression(scope, e.b)})`;
    case 'set':
      return assignment(scope, e);
    case 'update': {
      const target = assignable(scope, e.target) ?? undefined;
      if (target === undefined) return fallback(scope, e.form);
      return [`${target}++`, `${target}--`, `++${target}`, `--${target}`].map((t) => `(${t})`)[e.form % 4];
    }
    case 'call':
      return call(scope, e.at, e.args, 'num') ?? fallback(scope, e.at);
    case 'read':
      return containers.read(scope, e) ?? fallback(scope, e.at);
    case 'method':
      return containers.method(scope, e) ?? fallback(scope, e.at);
    case 'chosen':
      return containers.chosen(scope, e) ?? fallback(scope, e.at);
  }
}
function fallback(scope: Scope, at: number): string {
  return pick(ofType(scope, 'num'), at)?.name ?? '0.4';
}
function binary(scope: Scope, op: number, a: string, b: string): string {
  const sign = BINARY[op % BINARY.length];
  count(scope, `binary ${sign}`);
  if (sign === '/') return `(${a} / (1.5 + Math.sin(${b})))`;
  if (sign === '%') return `(${a} % (1.5 + Math.abs(${b})))`;
  if (sign === '**') return `((1.2 + Math.sin(${a})) ** ${b})`;
  return `(${a} ${sign} ${b})`;
}
function field(scope: Scope, at: number, which: number, i: Index): string | undefined {
  const object = pick(ofType(scope, 'obj', 'tup'), at);
  if (object === undefined) return undefined;
  if (object.type === 'tup') return `${object.name}[${which % 2}]`;
  return [`${object.name}.a`, `${object.name}.b`, `${object.name}.v[${index(scope, i, 3)}]`][which % 3];
}

/** Text of an assignable place, or undefined if nothing can be assigned here. */
export function assignable(scope: Scope, t: Target): string | undefined {
  const kinds: (() => string | undefined)[] = [
    () =>
      pick(
        ofType(scope, 'num').filter((v) => v.assignable),
        t.at,
      )?.name,
    () => slot(pick(ofType(scope, 'arr', 'f64'), t.at), index(scope, t.index, 3)),
    () => slot(pick(ofType(scope, 'mat'), t.at), `${index(scope, t.row, 2)}][${index(scope, t.index, 3)}`),
    () => field(scope, t.at, t.kind, t.index),
  ];
  const order = [0, 1, 0, 1, 2, 3, 0, 1, 2, 3, 1, 0];
  const first = order[t.kind % order.length];
  for (let i = 0; i < 4; i++) {
    const text = kinds[(first + i) % 4]();
    if (text !== undefined) return text;
  }
  return undefined;
}
function slot(variable: Variable | undefined, inside: string): string | undefined {
  return variable && `${variable.name}[${inside}]`;
}
function assignment(scope: Scope, e: Extract<Expr, { k: 'set' }>): string {
  const target = assignable(scope, e.target);
  const value = expression(scope, e.e);
  if (target === undefined) return value;
  const wanted = ASSIGN[e.op % ASSIGN.length];
  // behind `??=` the type checker takes a number for nothing at all
  const op = wanted === '??=' && value.includes(target) ? '+=' : wanted;
  count(scope, `assign ${op}`);
  if (op === '/=') return `(${target} /= 1.5 + Math.sin(${value}))`;
  if (op === '%=') return `(${target} %= 1.5 + Math.abs(${value}))`;
  if (op === '**=') return `(${target} **= 2)`;
  if (op === '*=' && scope.depth > 0) return `(${target} *= Math.cos(${value}))`;
  if (scope.depth > 0) return `(${target} ${op} ${damped(value, 5 * e.op + e.target.at)})`;
  return `(${target} ${op} ${value})`;
}

export function condition(scope: Scope, c: Cond): string {
  count(scope, `condition ${c.c}`);
  switch (c.c) {
    case 'less':
      return comparison(COMPARE[c.op % COMPARE.length], expression(scope, c.a), operand(scope, c.b));
    case 'flag':
      return pick(ofType(scope, 'flag'), c.at)?.name ?? `${fallback(scope, c.at)} > 0.2`;
    case 'parity': {
      const name = pick(ofType(scope, 'int'), c.at)?.name;
      return name === undefined ? `${fallback(scope, c.at)} > 0` : `${name} % ${c.mod} === ${c.at % 2}`;
    }
    case 'truthy':
      return `Boolean(${operand(scope, c.e)})`;
    case 'not':
      return `!(${condition(scope, c.a)})`;
    case 'both':
      return `(${condition(scope, c.a)} ${c.op % 2 ? '&&' : '||'} ${condition(scope, c.b)})`;
  }
}
/** The type checker refuses comparisons and tests that are decided by literals. */
function operand(scope: Scope, e: Expr): string {
  const text = expression(scope, e);
  return ['num', 'int', 'missing', 'set', 'cond', 'logic', 'read', 'method'].includes(e.k)
    ? `Number(${text})`
    : text;
}
function comparison(op: string, a: string, b: string): string {
  return op.length === 3 ? `Number(${a}) ${op} Number(${b})` : `${a} ${op} ${b}`;
}

/** A call of something in scope that returns one of `returns`, or anything, with arguments of its types; undefined if there is none. */
export function call(
  scope: Scope,
  at: number,
  args: readonly Expr[],
  ...returns: readonly Callable['returns'][]
): string | undefined {
  const isFitting = (c: Callable): boolean => returns.length === 0 || returns.includes(c.returns);
  const target = pick(
    scope.callables.filter((c) => isFitting(c) && (!c.throws || scope.caught)),
    at,
  );
  if (target === undefined) return undefined;
  count(scope, `call of ${target.returns}${target.recursive ? ' recursive' : ''}`);
  // a call in an argument has none in its own
  const within = { ...scope, callables: scope.callables.filter((c) => c.returns === 'num') };
  const texts = target.params.map((type, i) => argument(within, type, args, at + i));
  if (target.recursive) texts.push(String(1 + (at % 3)));
  const runsAgain = at % 4 === 3;
  if (runsAgain) count(scope, 'call that runs again');
  return `${runsAgain ? `checkpoint(${target.name})` : target.name}(${texts.join(', ')})`;
}
export function argument(scope: Scope, type: ValueType, e: readonly Expr[], at: number): string {
  if (type === 'num') return expression(scope, e[at % e.length] ?? { k: 'num', v: 1 });
  const made = at % 4 === 1 ? call(scope, at, e, type) : undefined;
  return made ?? pick(ofType(scope, type), at)?.name ?? fresh(scope, type, e);
}
/** A new value of a type. */
export function fresh(scope: Scope, type: ValueType, e: readonly Expr[]): string {
  const [a, b, c] = [0, 1, 2].map((i) => expression(scope, e[i] ?? { k: 'num', v: i + 0.5 }));
  switch (type) {
    case 'num':
      return a;
    case 'int':
      return '2';
    case 'flag':
      return `${a} < ${b}`;
    case 'arr':
      return `[${a}, ${b}, ${c}]`;
    case 'f64':
      return `new Float64Array([${a}, ${b}, ${c}])`;
    case 'mat':
      return `[[${a}, ${b}, 0.3], [${c}, 1, 2]]`;
    case 'obj':
      return `{ a: ${a}, b: ${b}, v: [${c}, 0.4, 1.1] }`;
    case 'tup':
      return `[${a}, ${b}]`;
    case 'list':
      return `[${b}, ${c}]`;
    case 'vec':
      return `new Vec(${a}, ${c})`;
    case 'map':
      return `new Map<string, number>([['a', ${a}], ['b', ${b}]])`;
    case 'set':
      return `new Set<number>([${a}, ${b}, ${c}])`;
    case 'fns':
      return '[(u: number) => u, (u: number) => u * 0.5]';
    case 'opt':
    case 'objs':
    case 'rec':
    case 'shape':
      return freshRecord(type, [a, b, c]);
  }
}
