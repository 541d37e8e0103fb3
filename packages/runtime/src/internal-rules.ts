/** Runs the rules of `customVjp` and `customJvp` for generated code, which hands over all numbers in one list. */
import { ruleOf } from './custom.js';
import { checkTyped, mismatch, type Schema } from './internal-trees.js';

/** What generated code tells of a call: schemas of the arguments and of the result, the name of the function. */
type Signature = readonly [args: readonly Schema[], result: Schema, name: string];

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
  const [schemas, result, name] = given.pop() as Signature;
  const rule = ruleOf(g);
  if (!rule) throw new TypeError(`adjoint: \`${name}\` is not a function that customVjp or customJvp made`);
  const args = copies(given, schemas, name);
  const tree = ['t', schemas] as const;
  const inputs = flatten(args, tree, `the arguments of ${name}`).length;
  if (rule.kind === 'jvp') {
    const value = rule.f(...copies(args, schemas, name));
    const numbers = flatten(value, result, `the result of ${name}`);
    const along = (tangents: ArrayLike<number>): number[] => {
      const [primals, directions] = [copies(args, schemas, name), rebuild(args, tree, tangents)];
      const pair = rule.rule(primals, directions);
      if (!Array.isArray(pair) || pair.length !== 2)
        mismatch(`the result of the rule of ${name}`, '[value, tangent]', pair);
      return sized(
        flatten(pair[1], result, `the tangent of ${name}`),
        numbers.length,
        `the tangent of ${name}`,
      );
    };
    return {
      value,
      numbers,
      count: countNumbers,
      push: along,
      // the transpose, a column at a time
      pull: (cotangents) => Array.from({ length: inputs }, (_, k) => dot(along(unit(inputs, k)), cotangents)),
    };
  }
  const pair = rule.rule(...args);
  if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[1] !== 'function')
    mismatch(`the result of the rule of ${name}`, '[value, pullback]', pair);
  const [own, pullback] = pair as [unknown, (cotangent: unknown) => unknown];
  // what the caller does to the value must not reach what the rule keeps
  const value = copy(own, result, `the result of ${name}`);
  const numbers = flatten(value, result, `the result of ${name}`);
  const shape = copy(own, result, `the result of ${name}`);
  const back = (cotangents: ArrayLike<number>): number[] => {
    const gradients = pullback(rebuild(shape, result, cotangents));
    if (!Array.isArray(gradients))
      mismatch(`the result of the pullback of ${name}`, 'a list with a gradient per argument', gradients);
    const list = given.map((_, k) =>
      gradientOf(gradients[k], args[k], schemas[k], `gradient ${k} of the pullback of ${name}`),
    );
    return list.flat();
  };
  return {
    value,
    numbers,
    count: countNumbers,
    pull: back,
    // the transpose, a row at a time
    push: (tangents) =>
      Array.from({ length: numbers.length }, (_, k) => dot(back(unit(numbers.length, k)), tangents)),
  };
}

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
  if (schema === 'f64' || schema === 'f32') {
    checkTyped(x, schema, path);
    return x.slice();
  }
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

/** All numbers of a tree, in the order of its schema. */
function flatten(x: unknown, schema: Schema, path: string, out: number[] = []): number[] {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    out.push(x);
  } else if (schema === 'f64' || schema === 'f32') {
    checkTyped(x, schema, path);
    for (const e of x) out.push(e);
  } else if (typeof schema === 'string') {
    // carries no derivative
  } else if (schema[0] === 'a')
    for (const [k, e] of listOf(x, path).entries()) flatten(e, schema[1] as Schema, `${path}[${k}]`, out);
  else if (schema[0] === 't')
    for (const [k, s] of (schema[1] as readonly Schema[]).entries())
      flatten(listOf(x, path)[k], s, `${path}[${k}]`, out);
  else
    for (const [key, s] of Object.entries(schema[1] as Readonly<Record<string, Schema>>))
      flatten((objectOf(x, path) as Record<string, unknown>)[key], s, `${path}.${key}`, out);
  return out;
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

/** The numbers of a gradient; typed arrays and plain arrays may stand for each other. */
function gradientOf(g: unknown, like: unknown, schema: Schema, path: string): number[] {
  const count = flatten(like, schema, path).length;
  if (g === undefined || g === null) return new Array<number>(count).fill(0);
  const leafArray =
    schema === 'f64' || schema === 'f32' || (Array.isArray(schema) && schema[0] === 'a' && schema[1] === 'n');
  const numbers =
    leafArray && (Array.isArray(g) || ArrayBuffer.isView(g))
      ? flatten(Array.from(g as ArrayLike<unknown>), ['a', 'n'], path)
      : flatten(g, schema, path);
  return sized(numbers, count, path);
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
