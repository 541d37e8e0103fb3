/** The types of parameters and variables of random programs: names, leaves, arguments. */
import type { Program, ValueType } from './ast.js';

export const TYPE: Record<ValueType, string> = {
  num: 'number',
  int: 'number',
  flag: 'boolean',
  arr: 'number[]',
  f64: 'Float64Array',
  mat: 'number[][]',
  obj: 'Obj',
  tup: '[number, number]',
  list: 'number[]',
  vec: 'Vec',
  map: 'Map<string, number>',
  set: 'Set<number>',
  fns: '((u: number) => number)[]',
  opt: 'number | undefined',
  objs: 'Obj[]',
  rec: 'Record<string, number>',
  shape: 'Shape',
};

/** Expressions for the leaves of a variable. */
export function places({ name, type }: { readonly name: string; readonly type: ValueType }): string[] {
  switch (type) {
    case 'arr':
    case 'f64':
      return [0, 1, 2].map((i) => `${name}[${i}]`);
    case 'mat':
      return [0, 1].flatMap((r) => [0, 1, 2].map((i) => `${name}[${r}][${i}]`));
    case 'obj':
      return [`${name}.a`, `${name}.b`, ...[0, 1, 2].map((i) => `${name}.v[${i}]`)];
    case 'tup':
      return [`${name}[0]`, `${name}[1]`];
    case 'list':
      return [`${name}.reduce((s, x, k) => s + x * (k + 1), 0)`];
    case 'vec':
      return [`${name}.x`, `${name}.y`, `${name}.norm`];
    case 'map':
      return [`[...${name}.values()].reduce((s, x, k) => s + x * (k + 1), 0)`];
    case 'set':
      return [`[...${name}].reduce((s, x, k) => s + x * (k + 1), 0)`];
    case 'fns':
      return [`${name}[${name}.length - 1](0.3)`];
    case 'opt':
      return [`(${name} ?? 0.3)`];
    case 'objs':
      return [
        `${name}.reduce((s, o, k) => s * 0.5 + o.a * (k + 1) + o.b * 0.7 + o.v[0] + o.v[1] * o.v[2], 0)`,
      ];
    case 'rec':
      return [`Object.values(${name}).reduce((s, x, k) => s + x * (k + 1), 0)`];
    case 'shape':
      return [`area(${name})`];
    default:
      return [name];
  }
}

/** Arguments for the parameters of a program; fresh values at every call. */
export const makeArguments = (program: Program): unknown[] => valuesOf(program.params, program.numbers);

/** What the variables of the module hold before each call, as source text. */
export const initialState = (program: Program): string[] =>
  valuesOf(program.state, program.numbers.toReversed()).map(sourceOf);

function valuesOf(types: readonly ValueType[], numbers: readonly number[]): unknown[] {
  let i = 0;
  const next = () => numbers[i++ % numbers.length] ?? 0.5;
  const three = () => [next(), next(), next()];
  const make = (type: ValueType): unknown => {
    switch (type) {
      case 'num':
        return next();
      case 'int':
        return 1 + (Math.abs(Math.trunc(next() * 997)) % 3);
      case 'flag':
        return next() > 0;
      case 'arr':
        return three();
      case 'f64':
        return Float64Array.from(three());
      case 'mat':
        return [three(), three()];
      case 'obj':
        return { a: next(), b: next(), v: three() };
      case 'tup':
        return [next(), next()];
      case 'list':
        return [next(), next(), next(), next()].slice(0, 1 + (Math.abs(Math.trunc(next() * 997)) % 4));
      case 'map':
        return new Map([
          ['a', next()],
          ['b', next()],
        ]);
      case 'opt':
        return next() > -1 ? next() : undefined;
      case 'objs':
        return [0, 1].map(() => ({ a: next(), b: next(), v: three() }));
      case 'rec':
        return { a: next(), b: next() };
      case 'vec':
      case 'set':
      case 'fns':
      case 'shape':
        throw new Error(`nothing of type ${type} comes from outside`);
    }
  };
  return types.map((type) => make(type));
}
function sourceOf(value: unknown): string {
  if (value instanceof Float64Array) return `new Float64Array([${[...value].join(', ')}])`;
  if (value instanceof Map)
    return `new Map<string, number>([${[...value].map(([k, x]) => `['${k}', ${x}]`).join(', ')}])`;
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([k, x]) => `${k}: ${sourceOf(x)}`)
    .join(', ')} }`;
}
/** Positions of the arguments that are differentiated: all but the counts. */
export function activePositions(program: Program): number[] {
  return program.params.flatMap((type, k) => (type === 'int' || type === 'flag' ? [] : [k]));
}
