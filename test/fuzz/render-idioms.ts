/** What people write in a few lines, with parts of the program at hand in it. */
import type { Stmt } from './ast.js';
import { type Idiom, type Idioms, type Make, variable } from './idiom-parts.js';
import * as x from './render-expression.js';
import { BUILT } from './render-idioms-built.js';
import { DESIGNS } from './render-idioms-designs.js';
import { ENDS } from './render-idioms-ends.js';
import { ORDER } from './render-idioms-order.js';
import { PRESENCE } from './render-idioms-presence.js';

/** Declared where they are used. */
export const GENERIC = [
  'function lastOf<T>(items: readonly T[]): T { return items[items.length - 1]; }',
  'function applied<A, B>(items: readonly A[], to: (item: A) => B): B[] { return items.map((item) => to(item)); }',
];

const DESTRUCTURING: Idioms = {
  'destructured object': ({ name, some, e }) => {
    const of = some('obj');
    if (of === undefined) return undefined;
    const [a, b, v, rest] = [name('v'), name('v'), name('v'), name('l')];
    const line = `let { a: ${a} = ${e(0)}, b: ${b}, v: [${v}, ...${rest}] } = ${of};`;
    return {
      lines: [line],
      variables: [...[a, b, v].map((n) => variable(n, 'num')), variable(rest, 'list')],
    };
  },
  'destructured list': ({ name, some, e }) => {
    const of = some('list', 'arr', 'f64');
    if (of === undefined) return undefined;
    const [a, b, rest] = [name('v'), name('v'), name('l')];
    const line = `let [${a} = ${e(0)}, , ${b} = ${a} * ${e(1)}, ...${rest}] = ${of};`;
    return { lines: [line], variables: [variable(a, 'num'), variable(b, 'num'), variable(rest, 'list')] };
  },
  'destructured parameter': ({ name, seeing, some }) => {
    const [g, of] = [name('g'), some('obj')];
    if (of === undefined) return undefined;
    const line = `const ${g} = ({ a, v: [p, q = a] }: Obj, k = a * p) => ${seeing(0, 'a', 'p', 'q', 'k')};`;
    const result = name('v');
    return { lines: [line, `let ${result} = ${g}(${of});`], variables: [variable(result, 'num')] };
  },
  swap: ({ scope, small }) => {
    const names = x.ofType(scope, 'num').flatMap((v) => (v.assignable ? [v.name] : []));
    const [a, b] = names.slice(-2);
    return b === undefined ? undefined : { lines: [`[${a}, ${b}] = [${b}, ${small(0)}];`] };
  },
  'copy with changes': ({ name, some, e }) => {
    const of = some('obj');
    if (of === undefined) return undefined;
    const o = name('o');
    const line = `let ${o}: Obj = { ...${of}, b: ${e(0)}, v: [...${of}.v.slice(0, 2), ${e(1)}] };`;
    return { lines: [line], variables: [variable(o, 'obj')] };
  },
};
const FUNCTIONS: Idioms = {
  'default parameters': ({ name, seeing }) => {
    const g = name('g');
    const line = `const ${g} = (u: number, w = u * 0.5, z = u + w): number => ${seeing(0, 'u', 'w', 'z')};`;
    return { lines: [line], callable: { name: g, params: ['num'], returns: 'num', recursive: false } };
  },
  'rest parameters': ({ name, seeing, some, e }) => {
    const [g, v, of] = [name('g'), name('v'), some('list', 'arr', 'tup')];
    const line = `const ${g} = (k: number, ...us: number[]): number => us.reduce((s, u) => s + ${seeing(0, 'u', 'k')}, k);`;
    const call = `let ${v} = ${g}(${e(1)}, ...${of ?? '[0.2]'}, ${e(2)});`;
    return { lines: [line, call], variables: [variable(v, 'num')] };
  },
  'function of a function': ({ name, seeing, e }) => {
    const [make, g] = [name('g'), name('g')];
    const lines = [
      `const ${make} = (k: number) => (u: number): number => ${seeing(0, 'k', 'u')};`,
      `const ${g} = ${make}(${e(1)});`,
    ];
    return { lines, callable: { name: g, params: ['num'], returns: 'num', recursive: false } };
  },
  counter: ({ name, small }) => {
    const [made, v] = [name('g'), name('v')];
    const lines = [
      `const ${made} = (() => { let count = 0.5; return { next: (by: number) => (count += by), get value() { return count * count; } }; })();`,
      `${made}.next(${small(0)});`,
      `let ${v} = ${made}.next(${small(1)}) * ${made}.value;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'object with methods': ({ name, e, small }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o} = { n: ${e(0)}, get twice() { return this.n * 2; }, step(by: number) { this.n += by; return this; } };`,
      `let ${v} = ${o}.step(${small(1)}).step(0.3).twice;`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'called at once': ({ name, some, test, e, seeing }) => {
    const of = some('list', 'arr', 'f64');
    const v = name('v');
    const inner = `for (const y of ${of ?? '[0.1, 0.9]'}) { if (y < 0.2) continue; if (${test()}) return ${seeing(0, 'y')}; }`;
    return { lines: [`let ${v} = (() => { ${inner} return ${e(1)}; })();`], variables: [variable(v, 'num')] };
  },
  generic: ({ name, some, seeing }) => {
    const of = some('list', 'arr');
    const [l, v] = [name('l'), name('v')];
    if (of === undefined) return undefined;
    const lines = [
      `let ${l}: number[] = applied(${of}, (y) => ${seeing(0, 'y')});`,
      `let ${v} = ${l}.length > 0 ? lastOf(${l}) : 0.3;`,
    ];
    return { lines, variables: [variable(l, 'list'), variable(v, 'num')] };
  },
};
const LOOPS: Idioms = {
  'linked list': ({ name, e, seeing }) => {
    const [head, v] = [name('k'), name('v')];
    const lines = [
      `type Cell${head} = { value: number; next: Cell${head} | undefined };`,
      `let ${head}: Cell${head} | undefined;`,
      `for (let i = 0; i < 3; i++) ${head} = { value: ${e(0)} * i, next: ${head} };`,
      `let ${v} = 0;`,
      `for (let c = ${head}; c !== undefined; c = c.next) { const y = c.value; ${v} = ${v} * 0.5 + ${seeing(1, 'y')}; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'key by a test': ({ name, some, test, small }) => {
    const of = some('obj', 'rec');
    if (of === undefined) return undefined;
    const k = name('k');
    return {
      lines: [`const ${k} = ${test()} ? 'a' : 'b';`, `${of}[${k}] += Math.sin(${small(0)});`],
    };
  },
  'matrix times vector': ({ name, some, small }) => {
    const [m, a, out] = [some('mat'), some('arr', 'f64'), name('a')];
    if (m === undefined || a === undefined) return undefined;
    const lines = [
      `const ${out} = [0, 0, ${small(0)}];`,
      `for (let r = 0; r < ${m}.length; r++) for (let k = 0; k < 3; k++) ${out}[r] += ${m}[r][k] * Math.sin(${a}[k]);`,
    ];
    return { lines, variables: [variable(out, 'arr', false)] };
  },
  "Newton's method": ({ name, e }) => {
    const [v, n] = [name('v'), name('n')];
    const lines = [
      `let ${v} = 1.5;`,
      `let ${n} = 0;`,
      `while (Math.abs(${v} * ${v} - 2 - Math.sin(${e(0)})) > 1e-3 && ${n}++ < 4) ${v} = 0.5 * (${v} + (2 + Math.sin(${e(0)})) / ${v});`,
    ];
    return { lines, variables: [variable(v, 'num'), variable(n, 'int', false)] };
  },
  'rows pushed': ({ name, e, seeing }) => {
    const [rows, v] = [name('k'), name('v')];
    const lines = [
      `const ${rows}: number[][] = [];`,
      `for (let i = 0; i < 3; i++) ${rows}.push([${e(0)}, i * ${e(1)}]);`,
      `let ${v} = ${rows}.reduce((s, [p, q]) => s + ${seeing(2, 'p', 'q')}, 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  groups: ({ name, some, e }) => {
    const [groups, v, of] = [name('d'), name('v'), some('list', 'arr', 'f64')];
    if (of === undefined) return undefined;
    const lines = [
      `const ${groups} = new Map<string, number[]>();`,
      `for (const y of ${of}) { const k = y > ${e(0)} ? 'hi' : 'lo'; const g = ${groups}.get(k); if (g) g.push(y); else ${groups}.set(k, [y * ${e(1)}]); }`,
      `let ${v} = [...${groups}.values()].reduce((s, g) => s + g.length * g[0], 0);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'objects of two kinds': ({ name, test, e, small, seeing }) => {
    const [all, v] = [name('k'), name('v')];
    const lines = [
      `type Kind${all} = { kind: 'one'; of: number } | { kind: 'many'; of: number[] };`,
      `const ${all}: Kind${all}[] = [];`,
      `for (let i = 0; i < 3; i++) ${all}.push(i > 1 || ${test()} ? { kind: 'one', of: ${e(0)} } : { kind: 'many', of: [${e(1)}, i] });`,
      `${all}.push(${all}[0]);`,
      `for (const o of ${all}) if (o.kind === 'one') o.of += Math.sin(${small(2)}); else o.of.push(o.of[0] * 0.5);`,
      `let ${v} = 0;`,
      `for (const o of ${all}) { const y = o.kind === 'one' ? o.of : o.of[0] * o.of[o.of.length - 1]; ${v} = ${v} * 0.5 + ${seeing(0, 'y')}; }`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'number or list': ({ name, test, e, small }) => {
    const [o, v] = [name('k'), name('v')];
    const lines = [
      `const ${o}: { scale: number | number[] } = ${test()} ? { scale: ${e(0)} } : { scale: [0.4, ${e(1)}] };`,
      `if (typeof ${o}.scale === 'number') ${o}.scale *= Math.sin(${small(2)}); else ${o}.scale[0] = ${o}.scale[1];`,
      `let ${v} = typeof ${o}.scale === 'number' ? ${o}.scale : ${o}.scale[0] * ${o}.scale[1];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'object of objects': ({ name, some, small }) => {
    const of = some('objs');
    if (of === undefined) return undefined;
    const o = name('o');
    const lines = [`let ${o}: Obj = ${of}[${of}.length >> 1];`, `${o}.a += Math.sin(${small(0)});`];
    return { lines, variables: [variable(o, 'obj')] };
  },
};
const OBJECTS: Idioms = {
  'state machine': ({ name, e, small }) => {
    const [next, s, v] = [name('k'), name('n'), name('v')];
    const lines = [
      `const ${next}: { [n in 0 | 5 | 6]: 0 | 5 | 6 } = { 0: 5, 5: 6, 6: 0 };`,
      `let ${s}: 0 | 5 | 6 = 0;`,
      `let ${v} = ${e(0)};`,
      `for (let i = 0; i < 4; i++) { ${v} = ${s} === 5 ? Math.sin(${small(1)}) + ${v} * 0.5 : ${v} * 0.3 * (${s} - 4); ${s} = ${next}[${s}]; }`,
    ];
    return { lines, variables: [variable(v, 'num'), variable(s, 'int', false)] };
  },
  'links until one is missing': ({ name, test, e, small }) => {
    const [links, w, v] = [name('k'), name('k'), name('v')];
    const lines = [
      `const ${links}: { [n in 0 | 2 | 5]?: 0 | 2 | 5 } = ${test()} ? { 5: 2, 2: 0 } : { 5: 0 };`,
      `const ${w} = { 0: ${e(0)}, 2: ${e(1)}, 5: 0.4 };`,
      `let ${v} = 0.2;`,
      `for (let at: 0 | 2 | 5 | undefined = 5; at !== undefined; at = ${links}[at]) { ${v} = ${v} * 0.5 + ${w}[at]; ${w}[at] += Math.sin(${small(2)}); }`,
      `${v} += ${w}[0] * ${w}[2];`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
  'copy with a key replaced': ({ name, some, test, e }) => {
    const of = some('obj');
    if (of === undefined) return undefined;
    const [k, o] = [name('k'), name('o')];
    const lines = [
      `const ${k} = ${test()} ? 'a' : 'b';`,
      `let ${o}: Obj = { ...${of}, [${k}]: ${of}[${k}] * 0.5 + ${e(0)} };`,
    ];
    return { lines, variables: [variable(o, 'obj')] };
  },
  'groups of copies': ({ name, some, e }) => {
    const [groups, v, of] = [name('k'), name('v'), some('list', 'arr', 'f64')];
    if (of === undefined) return undefined;
    const lines = [
      `let ${groups}: Partial<Record<'hi' | 'lo', number[]>> = {};`,
      `for (const y of ${of}) { const k = y > ${e(0)} ? 'hi' : 'lo'; ${groups} = { ...${groups}, [k]: [...(${groups}[k] ?? []), y * ${e(1)}] }; }`,
      `let ${v} = Object.values(${groups}).reduce((s, g) => s * 0.5 + g.length * g[0], 0) + (${groups}.lo?.length ?? 0.3);`,
    ];
    return { lines, variables: [variable(v, 'num')] };
  },
};
const ALL: readonly (readonly [string, Make])[] = [
  ...Object.entries(DESTRUCTURING),
  ...Object.entries(FUNCTIONS),
  ...Object.entries(LOOPS),
  ...Object.entries(OBJECTS),
  ...Object.entries(BUILT),
  ...Object.entries(ENDS),
  ...Object.entries(DESIGNS),
  ...Object.entries(ORDER),
  ...Object.entries(PRESENCE),
];

/** Lines for a statement, and what they declare; undefined where nothing in scope fits. */
export function idiom(
  scope: x.Scope,
  stmt: Extract<Stmt, { s: 'idiom' }>,
  name: (prefix: string) => string,
): Idiom | undefined {
  const [what, make] = ALL[stmt.form % ALL.length];
  const e = (k: number): string => x.expression(scope, stmt.e[k]);
  const made = make({
    scope,
    name,
    test: () => x.condition(scope, stmt.if),
    e,
    small: (k) => (scope.depth > 0 ? x.damped(e(k), stmt.form) : e(k)),
    seeing: (k, ...numbers) => {
      const more = numbers.map((n) => variable(n, 'num', false));
      return x.expression(
        { ...scope, depth: scope.depth + 1, variables: [...scope.variables, ...more] },
        stmt.e[k],
      );
    },
    some: (...types) => x.pick(x.ofType(scope, ...types), stmt.at)?.name,
  });
  if (made !== undefined) x.count(scope, `idiom ${what}`);
  return made;
}
