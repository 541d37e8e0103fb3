/** Runs the rules of `customVjp` and `customJvp` for generated code, which hands over all numbers in one list. */
import { type Callable, rulesOf } from './custom.js';
import { checkTyped, mismatch, type Schema } from './internal-trees.js';

/**
 * What generated code tells of a call: schemas of the arguments and of the result, the name of the function, and how many arguments it
 * may have where that is more.
 */
type Signature = readonly [args: readonly Schema[], result: Schema, name: string, parameters?: number];

/** One call of a function with a rule, kept for its derivative. */
export interface RuleCall {
  readonly value: unknown;
  /** How many numbers a part of the value has. */
  readonly count: (part: unknown) => number;
  /** Gradients of the numbers of the arguments for cotangents of those of the value. */
  readonly pull: (cotangents: ArrayLike<number>) => ArrayLike<number>;
  /** Tangents of the numbers of the value for those of the arguments. */
  readonly push: (tangents: ArrayLike<number>) => ArrayLike<number>;
  readonly numbers: readonly number[];
}

/** Calls `rule(g, ...args, signature)`. */
export function applyRule(g: unknown, ...given: unknown[]): RuleCall {
  const [schemas, result, name, parameters = schemas.length] = given.pop() as Signature;
  const rules = rulesOf(g);
  if (!rules) throw new TypeError(`adjoint: \`${name}\` is not a function that customVjp or customJvp made`);
  const call: Given = { args: copies(given, schemas, name), schemas, result, name, parameters };
  // a rule for one mode serves the other: the Jacobian is found a row or a column at a time
  if (!rules.vjp) {
    const value = rules.f(...copies(call.args, schemas, name));
    const numbers = flatten(value, result, `the result of ${name}`);
    const push = tangentsBy(rules.jvp!, call, numbers.length);
    const inputs = flatten(call.args, ['t', schemas], `the arguments of ${name}`).length;
    return { value, numbers, count: countNumbers, push, pull: transposed(push, inputs) };
  }
  const { value, pull } = pulledBy(rules.vjp, call);
  const numbers = flatten(value, result, `the result of ${name}`);
  const push = rules.jvp ? tangentsBy(rules.jvp, call, numbers.length) : transposed(pull, numbers.length);
  return { value, numbers, count: countNumbers, push, pull };
}

/** One call of a function that `ravel` gave. */
export interface Unravelled {
  readonly value: unknown;
  readonly count: (part: unknown) => number;
  /** For each number of the value, in the order of its type: where it is in the vector. */
  readonly order: readonly number[];
}
export function unravelled(
  f: unknown,
  flat: ArrayLike<number>,
  [result, name]: [Schema, string],
): Unravelled {
  if (!rulesOf(f)) throw new TypeError(`adjoint: \`${name}\` is not a function that ravel gave`);
  const unravel = f as (flat: ArrayLike<number>) => unknown;
  const places = Float64Array.from({ length: flat.length }, (_, k) => k);
  const path = `the result of ${name}`;
  const order = flatten(unravel(places), result, path);
  const value = unravel(flat);
  checkAllTold(value, result, path);
  if (order.length !== flat.length)
    throw new TypeError(`adjoint: ${path} has ${flat.length} numbers, but its type tells of ${order.length}`);
  return { value, count: countNumbers, order };
}
/** Throws if a value has more than its type tells, which what is made of its numbers would lack. */
function checkAllTold(x: unknown, schema: Schema, path: string): void {
  if (typeof schema === 'string' || isNumbers(schema)) return;
  if (schema[0] === 'a') {
    for (const [k, e] of listOf(x, path).entries()) checkAllTold(e, schema[1] as Schema, `${path}[${k}]`);
    return;
  }
  const told = schema[1] as Readonly<Record<string, Schema>>;
  const parts = x as Readonly<Record<string, unknown>>;
  if (schema[0] === 'o' && Object.getPrototypeOf(x) !== Object.prototype) mismatch(path, 'a plain object', x);
  for (const key of Object.keys(parts)) {
    if (!Object.hasOwn(told, key))
      throw new TypeError(`adjoint: ${path} has \`${key}\`, which its type does not tell of`);
    checkAllTold(parts[key], told[key]!, schema[0] === 't' ? `${path}[${key}]` : `${path}.${key}`);
  }
}

/** A call as its rule sees it: with copies of the arguments. */
interface Given {
  readonly args: readonly unknown[];
  readonly schemas: readonly Schema[];
  readonly result: Schema;
  readonly name: string;
  readonly parameters: number;
}
type Linear = (numbers: ArrayLike<number>) => number[];

/** Runs a rule of `customVjp`. */
function pulledBy(
  rule: Callable,
  { args, schemas, result, name, parameters }: Given,
): { value: unknown; pull: Linear } {
  const pair = rule(...args);
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[1] !== 'function')
    mismatch(`the result of the rule of ${name}`, '[value, pullback]', pair);
  const [own, pullback] = pair as [unknown, (cotangent: unknown) => unknown];
  // what the caller does to the value must not reach what the rule keeps
  const value = copy(own, result, `the result of ${name}`);
  const shape = copy(own, result, `the result of ${name}`);
  const pull = (cotangents: ArrayLike<number>): number[] => {
    const gradients = pullback(rebuild(shape, result, cotangents));
    if (!Array.isArray(gradients))
      mismatch(`the result of the pullback of ${name}`, 'a list with a gradient per argument', gradients);
    if (gradients.length > parameters)
      throw new RangeError(
        `adjoint: the pullback of ${name} gives ${gradients.length} gradients for ${parameters} arguments`,
      );
    return args.flatMap((x, k) =>
      gradientOf(gradients[k], x, schemas[k], `gradient ${k} of the pullback of ${name}`),
    );
  };
  return { value, pull };
}

/** What a rule of `customJvp` gives for tangents of the arguments. */
function tangentsBy(rule: Callable, { args, schemas, result, name }: Given, outputs: number): Linear {
  return (tangents) => {
    const pair = rule(copies(args, schemas, name), rebuild(args, ['t', schemas], tangents));
    if (!Array.isArray(pair) || pair.length !== 2)
      mismatch(`the result of the rule of ${name}`, '[value, tangent]', pair);
    return sized(flatten(pair[1], result, `the tangent of ${name}`), outputs, `the tangent of ${name}`);
  };
}

/** The transpose of a linear map from `size` numbers. */
const transposed =
  (map: Linear, size: number): Linear =>
  (numbers) =>
    Array.from({ length: size }, (_, k) => dot(map(unit(size, k)), numbers));

/** The numbers of the value of a call. */
export const ruleValues = (call: RuleCall, _arguments: unknown): number[] => [...call.numbers];

/** Adds the gradients of a call to the shadow of its arguments; what reached the shadow of its value is used up. */
export function pullRule(call: RuleCall, shadowOfArguments: number[], shadowOfValue: number[]): void {
  if (!isZero(shadowOfValue)) {
    const gradients = call.pull(Array.from(shadowOfValue));
    for (let k = 0; k < gradients.length; k++)
      shadowOfArguments[k] = (shadowOfArguments[k] ?? 0) + gradients[k];
  }
  shadowOfValue.fill(0);
}
/** The tangents of the numbers of the value of a call. */
export function pushRule(call: RuleCall, tangents: ArrayLike<number>): ArrayLike<number> {
  if (isZero(tangents)) return new Array<number>(call.numbers.length).fill(0);
  return call.push(Array.from(tangents));
}
function isZero(list: ArrayLike<number>): boolean {
  for (let k = 0; k < list.length; k++) if (list[k] !== 0) return false;
  return true;
}

// ------------------------------------------------------------------ trees

const copies = (args: readonly unknown[], schemas: readonly Schema[], name: string): unknown[] =>
  args.map((x, k) => copy(x, schemas[k], `argument ${k} of ${name}`));

function copy(x: unknown, schema: Schema, path: string): unknown {
  if (isNumbers(schema)) return (numbersOf(x, schema, path) as number[]).slice();
  if (typeof schema === 'string') return x;
  if (schema[0] === 'a') return listOf(x, path).map((e, k) => copy(e, schema[1] as Schema, `${path}[${k}]`));
  if (schema[0] === 't')
    return listOf(x, path).map((e, k) =>
      copy(e, (schema[1] as readonly Schema[])[k] ?? 'x', `${path}[${k}]`),
    );
  const fields = schema[1] as Readonly<Record<string, Schema>>;
  const out: Record<string, unknown> = { ...objectOf(x, path) };
  for (const key of Object.keys(fields)) out[key] = copy(out[key], fields[key], `${path}.${key}`);
  return out;
}

/** All numbers of a tree, in the order of its schema. `loose`: typed arrays and plain arrays may stand for each other. */
function flatten(x: unknown, schema: Schema, path: string, loose = false, out: number[] = []): number[] {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    out.push(x);
  } else if (isNumbers(schema)) {
    const list = numbersOf(x, schema, path, loose);
    for (let k = 0; k < list.length; k++) {
      if (typeof list[k] !== 'number') mismatch(`${path}[${k}]`, 'a number', list[k]);
      out.push(list[k]);
    }
  } else if (typeof schema === 'string') {
    // carries no derivative
  } else if (schema[0] === 'a')
    for (const [k, e] of listOf(x, path).entries())
      flatten(e, schema[1] as Schema, `${path}[${k}]`, loose, out);
  else if (schema[0] === 't')
    for (const [k, s] of (schema[1] as readonly Schema[]).entries())
      flatten(listOf(x, path)[k], s, `${path}[${k}]`, loose, out);
  else
    for (const [key, s] of Object.entries(schema[1] as Readonly<Record<string, Schema>>))
      flatten((objectOf(x, path) as Record<string, unknown>)[key], s, `${path}.${key}`, loose, out);
  return out;
}
/** An array whose elements are numbers. */
const isNumbers = (s: Schema): boolean => s === 'f64' || s === 'f32' || (s[0] === 'a' && s[1] === 'n');
/** An array of numbers of the kind that the schema says. */
function numbersOf(x: unknown, schema: Schema, path: string, loose = false): ArrayLike<number> {
  if (loose && ArrayBuffer.isView(x)) return x as Float64Array;
  if (loose || (schema !== 'f64' && schema !== 'f32')) return listOf(x, path) as readonly number[];
  checkTyped(x, schema, path);
  return x;
}

/** A tree of the shape of `like` with other numbers: a cotangent or tangent. */
function rebuild(like: unknown, schema: Schema, numbers: ArrayLike<number>): unknown {
  let at = 0;
  const make = (x: unknown, s: Schema): unknown => {
    if (s === 'n') return numbers[at++] ?? 0;
    if (s === 'f64' || s === 'f32') {
      const out =
        s === 'f64'
          ? new Float64Array((x as Float64Array).length)
          : new Float32Array((x as Float32Array).length);
      for (let k = 0; k < out.length; k++) out[k] = numbers[at++] ?? 0;
      return out;
    }
    if (typeof s === 'string') return undefined;
    if (s[0] === 'a') return (x as unknown[]).map((e) => make(e, s[1] as Schema));
    if (s[0] === 't') return (s[1] as readonly Schema[]).map((e, k) => make((x as unknown[])[k], e));
    return Object.fromEntries(
      Object.entries(s[1] as Readonly<Record<string, Schema>>).map(([key, e]) => [
        key,
        make((x as Record<string, unknown>)[key], e),
      ]),
    );
  };
  return make(like, schema);
}

/** The numbers of a gradient. */
function gradientOf(g: unknown, like: unknown, schema: Schema, path: string): number[] {
  const count = flatten(like, schema, path).length;
  if (g === undefined || g === null) return new Array<number>(count).fill(0);
  return sized(flatten(g, schema, path, true), count, path);
}

function sized(numbers: number[], count: number, path: string): number[] {
  if (numbers.length !== count)
    throw new RangeError(`adjoint: ${path} has ${numbers.length} numbers, not ${count}`);
  return numbers;
}

function countNumbers(x: unknown): number {
  if (typeof x === 'number') return 1;
  if (x instanceof Float64Array || x instanceof Float32Array) return x.length;
  if (Array.isArray(x)) return x.reduce((n: number, e) => n + countNumbers(e), 0);
  return 0;
}

function listOf(x: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(x)) mismatch(path, 'an array', x);
  return x;
}
function objectOf(x: unknown, path: string): object {
  if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
  return x;
}
const unit = (n: number, k: number): number[] => Array.from({ length: n }, (_, i) => (i === k ? 1 : 0));
function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  // a zero cotangent contributes zero, whatever the partial derivative is
  for (let k = 0; k < a.length; k++) if (a[k] !== 0 && b[k] !== 0) s += a[k] * b[k];
  return s;
}
