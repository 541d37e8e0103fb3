/**
 * Walks a user's object by the schema of its type: shadows, tangents and gradients of arrays, tuples and objects.
 * Schema: `'n'` number, `'f64' 'f32' 'int'` typed arrays, `['a', element]` array, `['o', fields]` object, `['t', elements]`
 * tuple, `['?', schema]` possibly missing, `'x'` carries no derivative.
 */
export type Schema =
  | 'n'
  | 'f64'
  | 'f32'
  | 'int'
  | 'x'
  | readonly ['a' | '?', Schema]
  | readonly ['t', readonly Schema[]]
  | readonly ['o', Readonly<Record<string, Schema>>];

type Node = Record<string, unknown> | unknown[];

function describe(x: unknown): string {
  if (x === null) return 'null';
  if (Array.isArray(x)) return 'an array';
  return typeof x === 'object' ? `an object of class ${x.constructor?.name ?? 'unknown'}` : `a ${typeof x}`;
}
export function mismatch(path: string, expected: string, x: unknown): never {
  throw new TypeError(`adjoint: ${path} should be ${expected}, but is ${describe(x)}`);
}

export function checkArray(x: unknown, path: string): asserts x is readonly unknown[] {
  if (!Array.isArray(x)) mismatch(path, 'an array', x);
}
export function checkTyped(
  x: unknown,
  kind: 'f64' | 'f32',
  path: string,
): asserts x is Float64Array | Float32Array {
  if (!(kind === 'f64' ? x instanceof Float64Array : x instanceof Float32Array))
    mismatch(path, kind === 'f64' ? 'a Float64Array' : 'a Float32Array', x);
}
/** The value of an own data property; an accessor is refused. */
export function field(x: unknown, key: string, path: string): unknown {
  if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
  const d = Object.getOwnPropertyDescriptor(x, key);
  if (d && !('value' in d))
    throw new TypeError(`adjoint: ${path}.${key} is an accessor, but its type says it is a plain field`);
  return d ? d.value : undefined;
}

/** A shadow with all leaves zero, of the structure of `x`. `growable`: leaf arrays may get longer. */
export function zeroShadow(x: unknown, schema: Schema, growable: boolean, path = 'an argument'): any {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    return 0;
  }
  if (schema === 'f64' || schema === 'f32') {
    checkTyped(x, schema, path);
    return new Float64Array(x.length);
  }
  if (typeof schema === 'string') return undefined;
  const [kind, inner] = schema;
  if (kind === '?')
    return x === undefined || x === null ? undefined : zeroShadow(x, inner as Schema, growable, path);
  if (kind === 'a') {
    checkArray(x, path);
    if (inner === 'n') return growable ? new Array<number>(x.length).fill(0) : new Float64Array(x.length);
    return Array.from(x, (e, k) => zeroShadow(e, inner as Schema, growable, `${path}[${k}]`));
  }
  if (kind === 't') {
    checkArray(x, path);
    return (inner as readonly Schema[]).map((s, k) => zeroShadow(x[k], s, growable, `${path}[${k}]`));
  }
  const shadow: Record<string, unknown> = {};
  for (const [key, s] of Object.entries(inner as Record<string, Schema>)) {
    if (s === 'x' || s === 'int') continue;
    shadow[key] = zeroShadow(field(x, key, path), s, growable, `${path}.${key}`);
  }
  return shadow;
}

/** Tangents as the user gives them, copied into the structure of the primal. Missing ones count as zero. */
export function tangentOf(x: unknown, t: unknown, schema: Schema, path = 'tangent'): any {
  if (schema === 'n') {
    if (t !== undefined && typeof t !== 'number') mismatch(path, 'a number', t);
    return t ?? 0;
  }
  if (schema === 'f64' || schema === 'f32') return Float64Array.from(leaves(x as ArrayLike<number>, t, path));
  if (typeof schema === 'string') return undefined;
  const [kind, inner] = schema;
  if (kind === '?') return x === undefined || x === null ? undefined : tangentOf(x, t, inner as Schema, path);
  if (kind === 'a') {
    checkArray(x, path);
    if (inner === 'n') return leaves(x as readonly number[], t, path);
    if (t !== undefined) {
      checkArray(t, path);
      sameLength(t.length, x.length, path);
    }
    return x.map((e, k) =>
      tangentOf(e, (t as readonly unknown[] | undefined)?.[k], inner as Schema, `${path}[${k}]`),
    );
  }
  if (kind === 't') {
    checkArray(x, path);
    return (inner as readonly Schema[]).map((s, k) =>
      tangentOf(x[k], (t as readonly unknown[] | undefined)?.[k], s, `${path}[${k}]`),
    );
  }
  const out: Record<string, unknown> = {};
  for (const [key, s] of Object.entries(inner as Record<string, Schema>))
    if (s !== 'x' && s !== 'int')
      out[key] = tangentOf(
        field(x, key, path),
        (t as Record<string, unknown> | undefined)?.[key],
        s,
        `${path}.${key}`,
      );
  return out;
}
function leaves(x: ArrayLike<number>, t: unknown, path: string): number[] {
  if (t === undefined) return new Array<number>(x.length).fill(0);
  const given = t as ArrayLike<number>;
  if (typeof t !== 'object' || t === null || typeof given.length !== 'number') mismatch(path, 'an array', t);
  sameLength(given.length, x.length, path);
  return Array.from(given);
}
function sameLength(got: number, want: number, path: string): void {
  if (got !== want)
    throw new RangeError(`adjoint: ${path} has length ${got}, but its primal has length ${want}`);
}

/** A cotangent that the caller gives for a result, added into the result's shadow. */
export function seedShadow(
  shadow: unknown,
  x: unknown,
  c: unknown,
  schema: Schema,
  path = 'cotangent',
): void {
  if (c === undefined || shadow === undefined) return;
  if (
    schema === 'f64' ||
    schema === 'f32' ||
    (Array.isArray(schema) && schema[0] === 'a' && schema[1] === 'n')
  ) {
    const given = c as ArrayLike<number>;
    sameLength(given.length, (x as ArrayLike<number>).length, path);
    const to = shadow as number[];
    for (let i = 0; i < given.length; i++) to[i] = (to[i] ?? 0) + given[i]!;
    return;
  }
  if (typeof schema === 'string') return;
  const [kind, inner] = schema as readonly [string, unknown];
  if (kind === '?') return seedShadow(shadow, x, c, inner as Schema, path);
  if (kind === 'a') {
    sameLength((c as unknown[]).length, (x as unknown[]).length, path);
    (c as unknown[]).forEach((e, k) => {
      seedShadow((shadow as unknown[])[k], (x as unknown[])[k], e, inner as Schema, `${path}[${k}]`);
    });
    return;
  }
  const entries = Object.entries(inner as Record<string, Schema>);
  for (const [key, s] of entries) {
    const value = (c as Record<string, unknown>)[key];
    if (value === undefined) continue;
    const slots = shadow as Record<string, unknown>;
    if (s === 'n') slots[key] = ((slots[key] as number | undefined) ?? 0) + (value as number);
    else seedShadow(slots[key], (x as Record<string, unknown>)[key], value, s, `${path}.${key}`);
  }
}

/** What is needed of a shadow as it is at entry: leaf shadows with their lengths, in their structure. */
export function entryShadow(shadow: unknown, schema: Schema): any {
  if (typeof schema === 'string')
    return schema === 'f64' || schema === 'f32'
      ? { leaf: shadow, length: (shadow as Float64Array).length }
      : { slot: shadow };
  const [kind, inner] = schema;
  if (shadow === undefined) return undefined;
  if (kind === '?') return entryShadow(shadow, inner as Schema);
  if (kind === 'a') {
    if (inner === 'n') return { leaf: shadow, length: (shadow as ArrayLike<number>).length };
    return { items: Array.from(shadow as unknown[], (e) => entryShadow(e, inner as Schema)) };
  }
  const fields: Record<string, unknown> = {};
  for (const [key, s] of Object.entries(inner as Record<string, Schema>))
    if (s !== 'n') fields[key] = entryShadow((shadow as Node)[key as never], s);
  return { owner: shadow, fields };
}

interface Entry {
  readonly leaf?: ArrayLike<number>;
  readonly length?: number;
  readonly items?: readonly (Entry | undefined)[];
  readonly owner?: Record<string, unknown>;
  readonly fields?: Record<string, Entry | undefined>;
}

/** The gradient in the user's structure, from the shadow as it was at entry (`entryShadow`). */
export function toGradient(entry: unknown, schema: Schema): any {
  const e = entry as Entry | undefined;
  if (e === undefined || schema === 'x' || schema === 'int') return undefined;
  if (schema === 'f64') return Float64Array.from({ length: e.length! }, (_, k) => e.leaf![k] ?? 0);
  if (schema === 'f32') return Float32Array.from({ length: e.length! }, (_, k) => e.leaf![k] ?? 0);
  if (schema === 'n') return undefined;
  const [kind, inner] = schema;
  if (kind === '?') return toGradient(e, inner as Schema);
  if (kind === 'a') {
    if (inner === 'n') return Array.from({ length: e.length! }, (_, k) => e.leaf![k] ?? 0);
    return e.items!.map((x) => toGradient(x, inner as Schema));
  }
  const value = (key: string, s: Schema): unknown =>
    s === 'n' || isMissingNumber(s) ? e.owner![key] : toGradient(e.fields![key], s);
  if (kind === 't') return (inner as readonly Schema[]).map((s, k) => value(String(k), s));
  const out: Record<string, unknown> = {};
  for (const [key, s] of Object.entries(inner as Record<string, Schema>)) {
    if (s === 'x' || s === 'int') continue;
    const v = value(key, s);
    if (v !== undefined) out[key] = v;
  }
  return out;
}
const isMissingNumber = (s: Schema): boolean => Array.isArray(s) && s[0] === '?' && s[1] === 'n';

/** The gradient of an argument without influence: zeros in its structure. */
export function zeroGradient(x: unknown, schema: Schema): any {
  if (schema === 'n') return 0;
  if (x === undefined || x === null) return undefined;
  return toGradient(entryShadow(zeroShadow(x, schema, false), schema), schema);
}

/** Writes (or adds) the gradients of several arguments into the slots of a tuple; the last argument says whether to add. */
export function writeGradients(out: unknown, ...rest: readonly unknown[]): void {
  if (typeof out !== 'object' || out === null) mismatch('out', 'an array', out);
  const accumulate = rest[rest.length - 1] === true;
  const slots = out as unknown[];
  const gradients = rest.slice(0, -1);
  if (typeof slots.length === 'number' && slots.length !== gradients.length)
    throw new RangeError(
      `adjoint: out has length ${slots.length}, but there are ${gradients.length} gradients`,
    );
  gradients.forEach((g, k) => {
    if (typeof g === 'number') slots[k] = accumulate ? (slots[k] as number) + g : g;
    else if (g !== undefined) writeGradient(slots[k], g, accumulate, `out[${k}]`);
  });
}

/** Writes (or adds) a gradient into the object that the caller gives. */
export function writeGradient(out: unknown, g: unknown, accumulate: boolean, path = 'out'): void {
  if (typeof out !== 'object' || out === null) mismatch(path, 'an array or object', out);
  if (typeof g === 'number') {
    const slot = out as number[];
    slot[0] = accumulate ? slot[0]! + g : g;
    return;
  }
  if (Array.isArray(g) || ArrayBuffer.isView(g)) {
    const from = g as unknown as readonly unknown[];
    const to = out as unknown[];
    if (typeof to.length !== 'number') mismatch(path, 'an array', out);
    if (to.length !== from.length)
      throw new RangeError(
        `adjoint: ${path} has length ${to.length}, but the gradient has length ${from.length}`,
      );
  }
  const slots = out as Record<string, unknown>;
  for (const [key, value] of Object.entries(g as Record<string, unknown>)) {
    if (value === undefined) continue;
    if (typeof value === 'number') slots[key] = accumulate ? (slots[key] as number) + value : value;
    else writeGradient(slots[key], value, accumulate, `${path}.${key}`);
  }
}
