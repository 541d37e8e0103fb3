/**
 * Generated programs that grow in one way each, to see how compile time and emitted code grow with them. All their
 * statements matter: they are reached by derivatives of the arguments and have an influence on the result.
 */

export interface Shape {
  readonly name: string;
  /** What one unit of size is. */
  readonly unit: 'statement' | 'level' | 'call';
  /** A module with one call of `grad`; `size` units, give or take the few lines around them. */
  readonly program: (size: number) => string;
}

const numbered = <T>(count: number, one: (k: number) => T): T[] =>
  Array.from({ length: count }, (_, k) => one(k));
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** A module that differentiates `f`. */
function module(parameters: string, body: readonly string[], before: readonly string[] = []): string {
  const f = [`function f(${parameters}): number {`, ...indented(body), '}'];
  return ["import { grad } from 'adjoint';", ...before, ...f, 'export const g = grad(f);', ''].join('\n');
}

/** The right side of the `k`th assignment, of two values: a few kinds of operations in turn. */
function mix(k: number, a: string, b: string): string {
  const forms = [
    `Math.sin(${a}) * ${b}`,
    `${a} * ${b} + ${(k % 7) + 0.5}`,
    `${a} / (1 + ${b} * ${b})`,
    `Math.exp(-${a} * ${a}) - 0.25 * ${b}`,
    `Math.sqrt(1 + ${a} * ${a}) * 0.5 + ${b}`,
  ];
  return forms[k % forms.length];
}

/** Scalar code without a branch: each statement reads the value before it and an older one. */
const straight = (size: number): string => {
  const name = (k: number) => (k < 0 ? 'x' : `t${k}`);
  const body = numbered(size, (k) => `const ${name(k)} = ${mix(k, name(k - 1), name(k - 1 - (k % 11)))};`);
  return module('x: number', [...body, `return ${name(size - 1)};`]);
};

/** One variable that is assigned again and again. */
const reassigned = (size: number): string => {
  const variable = (k: number) => ['s', 't', 'u'][k % 3];
  const body = numbered(size, (k) => `${variable(k)} = ${mix(k, variable(k), variable(k + 1))};`);
  return module('x: number', [
    'let s = x;',
    'let t = 2 * x;',
    'let u = x * x;',
    ...body,
    'return s + t + u;',
  ]);
};

/** One loop whose body reads and writes arrays in all its statements. */
const arrayLoop = (size: number): string => {
  const cell = (k: number) => `${['a', 'b'][k % 2]}[${['i', 'i - 1', 'i + 1'][k % 3]}]`;
  const body = numbered(size, (k) => `${cell(k)} = ${mix(k, cell(k), cell(k + 5))};`);
  const loop = ['for (let i = 1; i + 1 < a.length; i++) {', ...indented(body), '}'];
  return module('a: Float64Array, b: Float64Array', [...loop, 'return a[1] + b[2];']);
};

/** Reads and writes of a few elements, without a loop. */
const cells = (size: number): string => {
  const cell = (k: number) => `v[${(k * 5) % 8}]`;
  const body = numbered(size, (k) => `${cell(k)} = ${mix(k, cell(k), cell(k + 3))};`);
  return module('v: number[]', [...body, 'return v[0] + v[5];']);
};

/** A sequence of short loops. */
const loops = (size: number): string => {
  const one = (k: number) => [
    `for (let i = 1; i < v.length; i++) {`,
    `  v[i] = ${mix(k, 'v[i - 1]', 'v[i]')};`,
    `  s += v[i] * v[i - 1];`,
    '}',
  ];
  return module('v: Float64Array', ['let s = 0;', ...numbered(Math.ceil(size / 3), one).flat(), 'return s;']);
};

/** Functions with `each` statements of a body, called in a row: TypeScript does not follow the flow of longer ones. */
function inParts(
  size: number,
  each: number,
  body: (count: number, part: number) => readonly string[],
): string {
  const count = Math.ceil(size / each);
  const parts = numbered(count, (k) => [
    `function part${k}(x: number): number {`,
    '  let s = x;',
    '  let t = 2 * x;',
    ...indented(body(Math.min(each, size - k * each), k)),
    '  return s + t;',
    '}',
  ]);
  const calls = numbered(count, (k) => `s = part${k}(s);`);
  return module('x: number', ['let s = x;', ...calls, 'return s;'], parts.flat());
}

/** A sequence of decisions, each with a statement on either side. */
const branches = (size: number): string => {
  const one = (k: number) => [
    `if (s > ${k % 5}) {`,
    `  s = ${mix(k, 's', 't')};`,
    '} else {',
    `  t = ${mix(k + 1, 't', 's')};`,
    '}',
  ];
  return inParts(size, 300, (count) => numbered(Math.ceil(count / 3), one).flat());
};

/** Guards: functions that may be left early at several places. */
const guards = (size: number): string => {
  const one = (k: number) => [`s = ${mix(k, 's', 'x')};`, `if (s > ${k + 10}) return s * x;`];
  return inParts(size, 15, (count) => numbered(Math.ceil(count / 3), one).flat());
};

/** Many small functions, each called once. */
const functions = (size: number): string => {
  const count = Math.ceil(size / 4);
  const callees = numbered(count, (k) => [
    `function part${k}(a: number, b: number): number {`,
    `  const c = ${mix(k, 'a', 'b')};`,
    `  const d = ${mix(k + 1, 'b', 'c')};`,
    '  return c * d;',
    '}',
  ]);
  const calls = numbered(count, (k) => `s = part${k}(s, x);`);
  return module('x: number', ['let s = x;', ...calls, 'return s;'], callees.flat());
};

/** Objects that are made, changed and dropped. */
const objects = (size: number): string => {
  const one = (k: number) => [
    `const p${k} = { at: s, weight: ${mix(k, 's', 'x')} };`,
    `p${k}.at += p${k}.weight * x;`,
    `s = p${k}.at * 0.5;`,
  ];
  return module('x: number', ['let s = x;', ...numbered(Math.ceil(size / 3), one).flat(), 'return s;']);
};

/** Loops in loops, with a statement before and after the inner one in each. */
const nestedLoops = (depth: number): string => {
  const level = (d: number): string[] => {
    if (d === depth) return ['s += Math.sin(s) * v[0];'];
    const i = `i${d}`;
    return [
      `for (let ${i} = 0; ${i} < v.length; ${i}++) {`,
      `  s = s * 0.5 + v[${i}];`,
      ...indented(level(d + 1)),
      `  v[${i}] = v[${i}] * s;`,
      '}',
    ];
  };
  return module('v: Float64Array', ['let s = 0;', ...level(0), 'return s;']);
};

/** Decisions in decisions. */
const nestedBranches = (depth: number): string => {
  const level = (d: number): string[] => {
    if (d === depth) return ['s *= x;'];
    const inner = [`s = ${mix(d, 's', 'x')};`, ...level(d + 1)];
    return [`if (s > ${d}) {`, ...indented(inner), '} else {', `  s += ${d + 1} * x * x;`, '}'];
  };
  return module('x: number', ['let s = x;', ...level(0), 'return s;']);
};

/** Loops of unknown length in each other, each with an exit. */
const nestedExits = (depth: number): string => {
  const level = (d: number): string[] => {
    if (d === depth) return ['s += Math.cos(s) * v[0];'];
    const body = [`s = s * 0.5 + v[${d}];`, ...level(d + 1), `if (s > ${d + 10}) break;`];
    return [`for (const w of v) {`, ...indented(body), '  s += w * w;', '}'];
  };
  return module('v: number[]', ['let s = 0;', ...level(0), 'return s;']);
};

/** Functions that call each other in a row, each one the next. */
const chain = (calls: (next: string) => string) => (depth: number) => {
  const links = numbered(depth, (k) => [
    `function link${k}(a: number, b: number): number {`,
    `  const c = ${mix(k, 'a', 'b')};`,
    `  return ${k + 1 < depth ? calls(`link${k + 1}`) : 'c * b'};`,
    '}',
  ]);
  return module('x: number, y: number', ['return link0(x, y);'], links.flat());
};

/** A chain in which each function is given the one that it calls. */
const callbackChain = (depth: number): string => {
  const links = numbered(
    depth,
    (k) =>
      `const step${k} = (t: number): number => ${
        k === 0 ? 't * x' : `apply(step${k - 1}, ${mix(k, 't', 'x')})`
      };`,
  );
  const apply = 'const apply = (of: (t: number) => number, t: number): number => of(t) + t;';
  return module('x: number', [...links, `return step${depth - 1}(x);`], [apply]);
};

export const SHAPES: readonly Shape[] = [
  { name: 'straight', unit: 'statement', program: straight },
  { name: 'reassigned', unit: 'statement', program: reassigned },
  { name: 'array loop', unit: 'statement', program: arrayLoop },
  { name: 'cells', unit: 'statement', program: cells },
  { name: 'loops', unit: 'statement', program: loops },
  { name: 'branches', unit: 'statement', program: branches },
  { name: 'guards', unit: 'statement', program: guards },
  { name: 'functions', unit: 'statement', program: functions },
  { name: 'objects', unit: 'statement', program: objects },
  { name: 'nested loops', unit: 'level', program: nestedLoops },
  { name: 'nested branches', unit: 'level', program: nestedBranches },
  { name: 'nested exits', unit: 'level', program: nestedExits },
  { name: 'chain', unit: 'call', program: chain((next) => `${next}(c, b)`) },
  { name: 'chain, two calls', unit: 'call', program: chain((next) => `${next}(c, b) + ${next}(b, c)`) },
  { name: 'chain of callbacks', unit: 'call', program: callbackChain },
];
