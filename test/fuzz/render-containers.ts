/** Arrays, lists, instances of classes, maps, sets and lists of functions in random programs. */
import type { Expr, Stmt } from './ast.js';
import * as x from './render-expression.js';
import { RECORD_TYPES, recordChanges, recordReads } from './render-records.js';

/** Declared in every program: a class in both styles, and one that overrides. */
export const CLASSES = `class Vec {
  constructor(public x: number, public y: number) {}
  plus(o: Vec): Vec { return new Vec(this.x + o.x, this.y + o.y); }
  scale(k: number): Vec { return new Vec(this.x * k, this.y * k); }
  dot(o: Vec): number { return this.x * o.x + this.y * o.y; }
  add(o: Vec, k: number): this { this.x += Math.sin(o.x * k); this.y += Math.sin(o.y); return this; }
  get norm(): number { return Math.sqrt(0.5 + this.x * this.x + this.y * this.y); }
  set both(v: number) { this.x = v; this.y = Math.cos(v); }
  static at(angle: number): Vec { return new Vec(Math.cos(angle), Math.sin(angle)); }
}
class Heavy extends Vec {
  #mass: number;
  readonly past: number[] = [];
  constructor(x: number, y: number, mass: number) { super(x, y); this.#mass = mass; }
  override plus(o: Vec): Vec { return new Heavy(this.x + o.x * this.#mass, this.y - o.y, this.#mass); }
  override add(o: Vec, k: number): this { this.past.push(this.x); this.#mass = Math.sin(this.#mass + k); return super.add(o, this.#mass); }
  override get norm(): number { return this.past.length + Math.abs(this.x * this.#mass); }
}`.split('\n');

const KEYS = ['a', 'b', 'c'];
const key = (at: number): string => `'${KEYS[at % KEYS.length]}'`;

/** What is read from a list, an instance, a map or a set that is in scope; undefined if there is none. */
export function read(scope: x.Scope, e: Extract<Expr, { k: 'read' }>): string | undefined {
  const of = x.pick(x.ofType(scope, 'list', 'vec', 'map', 'set', ...RECORD_TYPES), e.at);
  if (of === undefined) return undefined;
  const { name, type } = of;
  const other = () => x.expression(scope, e.e);
  x.count(scope, `read of ${type}`);
  const forms: Partial<Record<typeof type, readonly (() => string)[]>> = {
    list: [
      () => `(${name}[${x.index(scope, e.index, 4)}] ?? ${other()})`,
      () => `(${name}.at(-1) ?? ${other()})`,
      () => `${name}.length`,
      () => `${name}.reduce((s, w) => s + w * w, 0)`,
      () => `(${name}.pop() ?? ${other()})`,
      () => `(${name}.shift() ?? ${other()})`,
    ],
    vec: [
      () => `${name}.x`,
      () => `${name}.y`,
      () => `${name}.norm`,
      () => `${name}.dot(${vecIn(scope, e.form) ?? name})`,
      () => `${name}.scale(${other()}).plus(${vecIn(scope, e.form) ?? name}).x`,
      () => `Vec.at(${other()}).plus(${name}).y`,
    ],
    map: [
      () => `(${name}.get(${key(e.form)}) ?? ${other()})`,
      () => `${name}.size`,
      () => `[...${name}.values()].reduce((s, w) => s + w, 0)`,
      () => `(${name}.has(${key(e.form)}) ? ${other()} : 0.4)`,
      () => `[...${name}].reduce((s, [k, w]) => (k === 'a' ? s + w : s * w), 1)`,
      () => `(${name}.get('a')! + ${name}.get(${key(e.form)})! || ${other()})`,
    ],
    set: [
      () => `${name}.size`,
      () => `[...${name}].reduce((s, w) => s + w * w, 0)`,
      () => `(${name}.has(${other()}) ? 0.3 : ${other()})`,
      () => `Math.max(...${name}, ${other()})`,
      () => `[...${name}.entries()].reduce((s, [p, q]) => s + p * q, 0)`,
    ],
  };
  return x.pick(forms[type] ?? recordReads(scope, of, e), e.form)?.();
}
const vecIn = (scope: x.Scope, at: number): string | undefined => x.pick(x.ofType(scope, 'vec'), at)?.name;

/** A method of an array with a callback: a number that comes of it. */
export function method(scope: x.Scope, e: Extract<Expr, { k: 'method' }>): string | undefined {
  const of = x.pick(x.ofType(scope, 'arr', 'f64', 'list'), e.at);
  if (of === undefined) return undefined;
  const { name, type } = of;
  const w = `w${scope.variables.length}`;
  const inner: x.Scope = {
    ...scope,
    depth: scope.depth + 1,
    variables: [...scope.variables, { name: w, type: 'num', assignable: true }],
  };
  const body = () => x.expression(inner, e.a);
  const other = () => x.expression(scope, e.b);
  const sum = '.reduce((s, y) => s + y, 0)';
  const forms: [string, () => string][] = [
    ['map', () => `${name}.map((${w}): number => ${body()})${sum}`],
    ['reduce', () => `${name}.reduce((s, ${w}) => s + ${body()}, ${other()})`],
    ['filter', () => `${name}.filter((${w}) => ${body()} > ${other()})${sum}`],
    ['some', () => `(${name}.some((${w}) => ${body()} > 0.3) ? ${other()} : 0.2)`],
    ['every', () => `(${name}.every((${w}) => ${body()} < 0.9) ? ${other()} : 0.2)`],
    ['find', () => `(${name}.find((${w}) => ${body()} > 0.1) ?? ${other()})`],
    ['findIndex', () => `(${name}[${name}.findIndex((${w}) => ${body()} > 0.1)] ?? ${other()})`],
    ['max', () => `Math.max(${other()}, ...${name})`],
    ['slice', () => `${name}.slice(1).map((${w}, k) => ${body()} * k)${sum}`],
    ['sort', () => `([...${name}].sort((p, q) => p - q)[1] ?? ${other()})`],
    ['indexOf', () => `${name}.indexOf(${other()})`],
    ['reduceRight', () => `${name}.reduceRight((s, ${w}) => s * 0.5 + ${body()}, ${other()})`],
    ['entries', () => `[...${name}.entries()].reduce((s, [k, ${w}]) => s + k * ${body()}, 0)`],
    ['findLast', () => `(${name}.findLast((${w}) => ${body()} > 0.1) ?? ${other()})`],
    ['findLastIndex', () => `(${name}[${name}.findLastIndex((${w}) => ${body()} > 0.1)] ?? ${other()})`],
    ['reduce without start', () => `[...${name}, ${other()}].reduce((s, ${w}) => s * 0.5 + ${body()})`],
    ['reduceRight without start', () => `[${other()}, ...${name}].reduceRight((s, ${w}) => s + ${body()})`],
    ['keys', () => `[...${name}.keys()].reduce((s, k) => s + k * ${name}[k], 0)`],
    ['Object.keys', () => `Object.keys(${name}).length * ${other()}`],
    ['Object.values', () => `Object.values(${name})${sum}`],
    [
      'Object.entries',
      () => `Object.entries(${name}).reduce((s, [k, ${w}]) => s + (k === '1' ? ${body()} : ${w}), 0)`,
    ],
    ['lastIndexOf', () => `${name}.lastIndexOf(${other()})`],
    ['includes', () => `(${name}.includes(${other()}) ? 0.3 : ${other()})`],
    ['min', () => `Math.min(...${name}, ${other()})`],
    ['hypot', () => `Math.hypot(...${name}, ${other()})`],
    ['toReversed', () => `${name}.toReversed().reduce((s, y) => s * 0.5 + y, 0)`],
    ['from', () => `Array.from({ length: 3 }, (_, k) => k * ${other()} + ${name}[0])${sum}`],
  ];
  const plain: [string, () => string][] = [
    ['flatMap', () => `${name}.flatMap((${w}) => [${w}, ${body()}])${sum}`],
    ['concat', () => `${name}.concat(${name}, [${other()}])${sum}`],
    ['join of lists', () => `[...${name}, ${other()}, ...${name}]${sum}`],
    ['toSorted', () => `(${name}.slice().sort((p, q) => q * q - p * p)[0] ?? ${other()})`],
    ['flat', () => `[${name}, [${other()}]].flat()${sum}`],
    ['flat, in order', () => `[${name}, ${name}].flat().reduce((s, ${w}) => s * 0.5 + ${body()}, 0)`],
    ['with', () => `[...${name}, 0.5].with(0, ${other()}).reduce((s, y) => s * 0.5 + y, 0)`],
    ['toSpliced', () => `${name}.toSpliced(1, 1, ${other()})${sum}`],
    ['destructured', () => `(([p = ${other()}, ...q]) => p * q.length)(${name})`],
  ];
  const typed: [string, () => string][] = [
    ['subarray', () => `${name}.subarray(1).reduce((s, ${w}) => s + ${body()}, ${other()})`],
    ['with', () => `${name}.with(1, ${other()})${sum}`],
  ];
  const all = [...forms, ...(type === 'f64' ? typed : plain)];
  const [what, text] = all[e.form % all.length];
  x.count(scope, `method ${what}`);
  return text();
}

/** A function of a list, chosen by an index, called. */
export function chosen(scope: x.Scope, e: Extract<Expr, { k: 'chosen' }>): string | undefined {
  const list = x.pick(x.ofType(scope, 'fns'), e.at);
  if (list === undefined) return undefined;
  x.count(scope, 'call from a list');
  return `${list.name}[${x.index(scope, e.index, 2)}](${x.expression(scope, e.e)})`;
}

/** A new list. */
export function list(scope: x.Scope, stmt: Extract<Stmt, { s: 'list' }>): string {
  const [a, b, c] = stmt.e.map((e) => x.expression(scope, e));
  const of = x.pick(x.ofType(scope, 'arr', 'list'), stmt.at)?.name;
  const forms = [
    `[${a}, ${b}, ${c}]`,
    `[${a}]`,
    of && `${of}.map((y) => y * ${b})`,
    of && `${of}.filter((y) => y > ${c})`,
    of && `[${a}, ...${of}]`,
    of && `${of}.slice()`,
  ];
  return forms[stmt.form % forms.length] ?? `[${a}, ${b}]`;
}
/** A new instance, or one that a method gives. */
export function instance(scope: x.Scope, stmt: Extract<Stmt, { s: 'instance' }>): string {
  const [a, b, c] = stmt.e.map((e) => x.expression(scope, e));
  const [u, v] = [vecIn(scope, stmt.at), vecIn(scope, stmt.at + 1)];
  const forms = [
    `new Vec(${a}, ${b})`,
    `new Heavy(${a}, ${b}, ${c})`,
    `Vec.at(${a})`,
    u && `${u}.plus(new Vec(${a}, ${b}))`,
    u && v && `${u}.plus(${v}).scale(${c})`,
    u && v && `${a} > 0.2 ? ${u} : ${v}`,
  ];
  return forms[stmt.form % forms.length] ?? `new Vec(${b}, ${c})`;
}
export function map(scope: x.Scope, stmt: Extract<Stmt, { s: 'map' }>): string {
  const [a, b] = stmt.e.map((e) => x.expression(scope, e));
  return `new Map<string, number>([['a', ${a}], ['b', ${b}]])`;
}
/** Two functions: arrows, or one that is in scope. */
export function functions(scope: x.Scope, stmt: Extract<Stmt, { s: 'functions' }>): string {
  const u = `u${scope.variables.length}`;
  const inner: x.Scope = {
    ...scope,
    depth: 1,
    variables: [...scope.variables, { name: u, type: 'num', assignable: true }],
  };
  const named = x.pick(
    scope.callables.filter(
      (c) => c.returns === 'num' && c.params.join() === 'num' && !c.recursive && !c.throws,
    ),
    stmt.at,
  )?.name;
  const [a, b] = stmt.e.map((e) => `(${u}: number) => ${x.expression(inner, e)}`);
  return `[${a}, ${named ?? b}]`;
}

/** A statement that changes an array, a list, an instance, a map or a set in place. */
export function change(scope: x.Scope, stmt: Extract<Stmt, { s: 'change' }>): string | undefined {
  const of = x.pick(x.ofType(scope, 'list', 'vec', 'map', 'set', 'arr', 'f64', ...RECORD_TYPES), stmt.at);
  if (of === undefined) return undefined;
  const { name, type } = of;
  const value = () =>
    scope.depth > 0 ? x.damped(x.expression(scope, stmt.e), stmt.form) : x.expression(scope, stmt.e);
  x.count(scope, `change of ${type}`);
  const array = [
    () => `${name}.copyWithin(${x.index(scope, stmt.index, 3)}, 1);`,
    () => `${name}.fill(${value()}, 1);`,
    () => `${name}.reverse();`,
    () => `${name}.sort((p, q) => q - p);`,
    () => `${name}.forEach((y, k) => { ${name}[k] = y * ${value()}; });`,
  ];
  const forms: Partial<Record<typeof type, readonly (() => string)[]>> = {
    arr: [...array, () => `[${name}[0], ${name}[2]] = [${name}[2], ${value()}];`],
    f64: [
      ...array,
      () => `${name}.set([${value()}, 0.3], 1);`,
      () => `${name}.set(${name}.subarray(1));`,
      () => `${name}.subarray(1).fill(${value()});`,
    ],
    set: [
      () => `${name}.add(${value()});`,
      () => `if (${name}.size < 6) for (const y of [...${name}]) ${name}.add(Math.sin(y * ${value()}));`,
      () => `${name}.forEach((y) => { if (y > 0.9) ${name}.delete(y); });`,
      () => `${name}.forEach((y) => { if (${name}.size < 5) ${name}.add(Math.cos(y)); });`,
      () => `${name}.delete(${value()});`,
    ],
    list: [
      () => `${name}.push(${value()});`,
      () => `${name}.unshift(${value()});`,
      () => `if (${name}.length < 5) ${name}.unshift(0.3, ${value()});`,
      () => `${name}.pop();`,
      () => `${name}.shift();`,
      () => `${name}.splice(${x.index(scope, stmt.index, 3)}, 1, ${value()}, 0.7);`,
      () => `${name}.sort((p, q) => p - q);`,
      () => `${name}.reverse();`,
      () => `if (${name}.length > 5) ${name}.length = 2;`,
      () => `${name}.forEach((y, k) => { ${name}[k] = y * ${value()}; });`,
      () => `${name}[${name}.length] = ${value()};`,
      () => `${name}.fill(${value()}, 1);`,
      () => `for (const [k, y] of ${name}.entries()) ${name}[k] = y * 0.5 + ${value()};`,
    ],
    vec: [
      () => `${name}.x = ${value()};`,
      () => `${name}.y *= Math.cos(${value()});`,
      () => `${name}.add(${vecIn(scope, stmt.form) ?? name}, ${value()});`,
      () => `${name}.both = ${value()};`,
      () => `${name}.add(${name}, 0.5).add(${vecIn(scope, stmt.form) ?? name}, ${value()});`,
      ...(of.assignable ? [() => `${name} = ${name}.plus(Vec.at(${value()}));`] : []),
    ],
    map: [
      () => `${name}.set(${key(stmt.form)}, ${value()});`,
      () => `${name}.set('a', (${name}.get('a') ?? 0.1) * Math.cos(${value()}));`,
      () => `${name}.delete(${key(stmt.form)});`,
      () => `for (const [k, y] of ${name}) ${name}.set(k, y * 0.5 + ${value()});`,
      () => `${name}.forEach((y, k) => { ${name}.set(k, y * ${value()}); });`,
    ],
  };
  return x.pick(forms[type] ?? recordChanges(of, value), stmt.form)?.();
}
