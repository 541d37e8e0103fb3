/**
 * Types of shadows, and the schema text by which the runtime walks a user's object. A shadow of a leaf array is a
 * `Float64Array`, or a plain array if stores may lengthen the primal.
 */

import { type ArrayType, NUMBER, type RecordType, type Type } from '../ir/nodes.js';
import { carriesDerivative, FLOAT64, isLeaf, isRef, plainArray, refType } from '../ir/types.js';

export interface ShadowOptions {
  /** Stores may lengthen the arrays. */
  readonly growable: boolean;
  /** The shadow is differentiated itself: its type says where numbers may be missing. */
  readonly nested?: boolean | undefined;
}

/** The type of the twin of a value: of its tangent, or of its shadow. */
export function shadowType(t: Type, o: ShadowOptions, open: ReadonlyMap<Type, Type> = new Map()): Type {
  if (isLeaf(t)) return NUMBER;
  if (t.kind === 'maybe') return { kind: 'maybe', of: shadowType(t.of, o, open) };
  const r = refType(t);
  if (!r) return t;
  const before = open.get(r);
  if (before) return before;
  const slot = (s: Type, inner: ReadonlyMap<Type, Type>): Type =>
    o.nested && isLeaf(s) && s.kind === 'maybe' ? s : shadowType(s, o, inner);
  if (r.kind === 'array') {
    if (r.storage === 'keyed' || isRef(r.elem)) {
      const storage = r.storage === 'keyed' ? 'keyed' : 'plain';
      const result = {
        kind: 'array' as const,
        storage,
        ctor: r.storage !== 'keyed' ? 'Array' : r.ctor === 'Object' ? 'NullObject' : r.ctor,
        elem: NUMBER,
      };
      result.elem = slot(r.elem, new Map(open).set(r, result as Type)) as typeof NUMBER;
      return result as Type;
    }
    // slots without a number are missing in the shadow as well
    if (r.elem.kind === 'maybe') return plainArray(slot(r.elem, open));
    return r.storage === 'plain' && o.growable ? plainArray(NUMBER) : FLOAT64;
  }
  const fields: { key: string; type: Type }[] = [];
  const result: Type = { kind: 'record', fields, tuple: r.tuple };
  const inner = new Map(open).set(r, result);
  for (const f of r.fields)
    if (carriesDerivative(f.type)) fields.push({ key: f.key, type: slot(f.type, inner) });
  return result;
}

/**
 * JavaScript text that describes a type to the runtime: `'n'` number, `'f64' 'f32' 'int'` typed arrays, `['a', elem]` array,
 * `['m', elem]` Map, `['k', elem]` object used as a map, `['o', { key: type }]` object, `['t', [types]]` tuple, `['?', type]`
 * possibly missing, `'x'` carries no derivative. A type inside itself is the parameter of the arrow around it.
 */
export function schemaText(t: Type): string {
  return new SchemaWriter().text(t);
}

class SchemaWriter {
  private readonly open: { readonly type: Type; readonly name: string; used: boolean }[] = [];

  text(t: Type): string {
    if (t.kind === 'maybe') return carriesDerivative(t) ? `['?', ${this.text(t.of)}]` : `'x'`;
    if (t.kind === 'number') return `'n'`;
    const r = refType(t);
    if (!r) return `'x'`;
    const around = this.open.find((o) => o.type === r);
    if (around) {
      around.used = true;
      return around.name;
    }
    if (!carriesDerivative(r)) return r.kind === 'array' && r.storage === 'int' ? `'int'` : `'x'`;
    const here = { type: r as Type, name: `s${this.open.length}`, used: false };
    this.open.push(here);
    const text = this.own(r);
    this.open.pop();
    return here.used ? `['r', (${here.name}: any) => ${text}]` : text;
  }
  /** By position: the shadow of a tuple lacks those without derivative. */
  private positions(r: RecordType): string[] {
    const last = Math.max(-1, ...r.fields.map((f) => Number(f.key)));
    return Array.from({ length: last + 1 }, (_, k) => {
      const field = r.fields.find((f) => f.key === String(k));
      return field ? this.text(field.type) : `'x'`;
    });
  }
  private own(r: ArrayType | RecordType): string {
    if (r.kind === 'array') {
      if (r.storage === 'keyed') return `['${r.ctor === 'Map' ? 'm' : 'k'}', ${this.text(r.elem)}]`;
      return r.storage === 'plain' ? `['a', ${this.text(r.elem)}]` : `'${r.storage}'`;
    }
    if (r.tuple) return `['t', [${this.positions(r).join(', ')}]]`;
    return `['o', { ${r.fields.map((f) => `${JSON.stringify(f.key)}: ${this.text(f.type)}`).join(', ')} }]`;
  }
}
