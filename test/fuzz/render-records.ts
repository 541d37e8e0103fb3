/** Numbers that may be missing, lists of objects, dictionaries and tagged unions in random programs. */
import type { Expr, Stmt, ValueType } from './ast.js';
import * as x from './render-expression.js';

/** Declared where they are used. */
export const SHAPES = `type Shape = { kind: 'disc'; r: number } | { kind: 'box'; w: number; h: number };
function shapeOf(isDisc: boolean, p: number, q: number): Shape { return isDisc ? { kind: 'disc', r: p } : { kind: 'box', w: p, h: q }; }
function area(s: Shape): number {
  switch (s.kind) {
    case 'disc': return 3 * s.r * s.r;
    case 'box': return s.w * s.h;
  }
}`.split('\n');

/** A number that depends on the order of the keys. */
export const RANKED = [
  'function ranked(o: Obj): number {',
  "  return Object.keys(o).reduce((s, k, i) => s + (k === 'a' ? o.a : k === 'b' ? o.b : o.v[0]) * (i + 1), 0);",
  '}',
];

export type RecordType = 'opt' | 'objs' | 'rec' | 'shape';
/** At odd places nothing that cannot be differentiated twice: no dictionaries. */
export const RECORD_TYPES: readonly ValueType[] = ['rec', 'objs', 'opt', 'shape', 'rec', 'opt'];

/** A new value of one of these types. */
export function freshRecord(type: RecordType, [a, b, c]: readonly string[]): string {
  switch (type) {
    case 'opt':
      return `${a} > 0.4 ? ${b} : undefined`;
    case 'objs':
      return `[{ a: ${a}, b: 0.6, v: [${b}, 0.2, 1.3] }, { v: [0.1, 0.5, 0.8], b: ${c}, a: 0.9 }]`;
    case 'rec':
      return `{ a: ${a}, b: ${b} }`;
    case 'shape':
      return `shapeOf(${a} > ${b}, ${b}, ${c})`;
  }
}

/** A declaration: what is made of what is in scope, or of three numbers. */
export function record(
  scope: x.Scope,
  { type: at, form, e }: Extract<Stmt, { s: 'record' }>,
): { type: RecordType; text: string } {
  const type = RECORD_TYPES[at % RECORD_TYPES.length] as RecordType;
  const texts = e.map((one) => x.expression(scope, one));
  const array = x.pick(x.ofType(scope, 'arr', 'list'), form)?.name;
  const object = x.pick(x.ofType(scope, 'obj'), form)?.name;
  const objects = x.pick(x.ofType(scope, 'objs'), form)?.name;
  const numbers = x.pick(x.ofType(scope, 'rec'), form)?.name;
  const others: Record<RecordType, readonly (string | undefined)[]> = {
    opt: [
      array && `${array}.find((y) => y > ${texts[0]})`,
      objects && `${objects}.find((o) => o.a > ${texts[0]})?.b`,
      numbers && `'c' in ${numbers} ? ${numbers}.c : undefined`,
    ],
    objs: [
      array && `${array}.map((y, k) => ({ a: y, b: ${texts[1]} * k, v: [y, ${texts[2]}, 0.4] }))`,
      object && `[${object}, { ...${object}, b: ${texts[0]} }]`,
      objects && `${objects}.map((o) => ({ ...o, a: o.a * ${texts[0]} }))`,
      `Array.from({ length: 3 }, (_, k) => ({ a: k * ${texts[0]}, b: ${texts[1]}, v: [0.3, ${texts[2]}, k] }))`,
    ],
    rec: [
      numbers && `{ ...${numbers}, c: ${texts[0]} }`,
      `Object.fromEntries([['a', ${texts[0]}], ['b', ${texts[2]}]])`,
    ],
    shape: [],
  };
  const choice = x.pick(others[type], form >> 1);
  return { type, text: form % 2 && choice ? choice : freshRecord(type, texts) };
}

type Forms = readonly (() => string)[];

/** What is read from one of them. */
export function recordReads(scope: x.Scope, of: x.Variable, e: Extract<Expr, { k: 'read' }>): Forms {
  const { name } = of;
  const other = () => x.expression(scope, e.e);
  switch (of.type) {
    case 'opt':
      return [
        () => `(${name} ?? ${other()})`,
        () => `((${name} === undefined ? 0.4 : ${name} * ${name}) * ${other()})`,
        () => `(${other()} + (${name} !== undefined && ${name} > 0.3 ? ${name} : 0.2))`,
      ];
    case 'objs':
      return [
        () => `${name}[0].a`,
        () => `${name}.at(-1)!.v[${x.index(scope, e.index, 3)}]`,
        () => `${name}.reduce((s, { a, v }) => s + a * v[1], 0)`,
        () => `(${name}.find((o) => o.a > ${other()})?.v[0] ?? 0.7)`,
        () => `${name}.map((o) => o.b).reduce((s, y) => s * 0.5 + y, ${other()})`,
        () => `${name}.filter(({ b }) => b < ${other()}).length`,
        () => `[...${name}].sort((p, q) => p.a - q.a)[0].b`,
        () => `${name}.flatMap((o) => o.v).reduce((s, y) => s + y, 0)`,
        () => `Math.max(...${name}.map((o) => o.a), ${other()})`,
        () => `(${name}.some((o) => o.b > ${other()}) ? ${name}[0].b : 0.1)`,
        () =>
          `${name}.reduce((t, o) => ({ sum: t.sum + o.a * t.scale, scale: t.scale * 0.5 }), { sum: ${other()}, scale: 1 }).sum`,
        () => `(${name}[${name}.length - 1]?.b ?? ${other()})`,
        () => `ranked(${name}[${name}.length - 1])`,
        () => `ranked({ ...${name}[0], b: ${other()} })`,
      ];
    case 'rec':
      return [
        () => `${name}.a`,
        () => `${name}['b']`,
        () => `${name}[${other()} > 0.2 ? 'a' : 'b']`,
        () => `Object.values(${name}).reduce((s, y) => s + y * y, 0)`,
        () => `Object.keys(${name}).length * ${other()}`,
        () => `Object.entries(${name}).reduce((s, [k, y]) => s + (k === 'a' ? y : y * ${other()}), 0)`,
        () => `('c' in ${name} ? ${name}.c : ${other()})`,
        () => `(${name}.c ?? ${other()})`,
      ];
    case 'shape':
      return [
        () => `area(${name})`,
        () => `((${name}.kind === 'disc' ? ${name}.r : ${name}.w * 0.4) * ${other()})`,
        () => `(('w' in ${name} ? ${name}.h : 0.8) - ${other()})`,
      ];
    default:
      return [];
  }
}

/** Statements that change one of them in place. */
export function recordChanges(of: x.Variable, value: () => string): Forms {
  const { name, assignable } = of;
  switch (of.type) {
    case 'opt':
      if (!assignable) return [];
      return [
        () => `${name} = ${value()} > 0.5 ? ${value()} : ${name};`,
        () => `${name} ??= ${value()};`,
        () => `{ const k = Math.cos(${value()}); if (${name} !== undefined) ${name} *= k; }`,
        () => `${name} = ${value()} > 0.2 ? undefined : ${value()};`,
      ];
    case 'objs':
      return [
        () => `if (${name}.length < 5) ${name}.push({ a: ${value()}, b: 0.4, v: [0.3, 0.2, 0.1] });`,
        () => `for (const o of ${name}) o.a *= Math.cos(${value()});`,
        () => `for (const { v } of ${name}) v[0] = ${value()};`,
        () => `${name}.forEach((o, k) => { o.b = o.a * k + ${value()}; });`,
        () => `${name}[0] = { ...${name}[0], a: ${value()} };`,
        () => `${name}.sort((p, q) => q.b - p.b);`,
        () => `if (${name}.length > 2) ${name}.pop();`,
        () => `Object.assign(${name}[0], { b: ${value()} });`,
        () => `${name}[${name}.length - 1].v = ${name}[0].v;`,
        () => `for (const [k, o] of ${name}.entries()) o.v[k % 3] += Math.sin(${value()});`,
        () => `${name}.reverse();`,
      ];
    case 'rec':
      return [
        () => `${name}.a = ${value()};`,
        () => `${name}['c'] = ${value()};`,
        () => `delete ${name}.c;`,
        () => `for (const k in ${name}) ${name}[k] *= Math.cos(${value()});`,
        () => `for (const k of Object.keys(${name})) ${name}[k] = ${name}[k] * 0.5 + ${value()};`,
        () => `Object.assign(${name}, { b: ${value()} });`,
        () => `${name}['a'] += ${name}.b * Math.sin(${value()});`,
      ];
    case 'shape':
      return [
        () => `{ const k = ${value()}; if (${name}.kind === 'disc') ${name}.r = k; else ${name}.w = k; }`,
        () => `{ const k = Math.cos(${value()}); if ('h' in ${name}) ${name}.h *= k; }`,
        ...(assignable ? [() => `${name} = shapeOf(${value()} > 0.5, area(${name}) * 0.2, 0.7);`] : []),
      ];
    default:
      return [];
  }
}
