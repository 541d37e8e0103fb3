/**
 * Types of shadows, and the schema text by which the runtime walks a user's object. A shadow of a leaf array is a
 * `Float64Array`, or a plain array if stores may lengthen the primal.
 */

import { NUMBER, type Type } from '../ir/nodes.js';
import { carriesDerivative, FLOAT64, isLeaf, isRef, plainArray, refType } from '../ir/types.js';

/** The type of the twin of a value: of its tangent, or of its shadow. `plain` keeps arrays as they are (tangents). */
export function shadowType(t: Type, growable: boolean): Type {
  if (isLeaf(t)) return NUMBER;
  if (t.kind === 'maybe') return { kind: 'maybe', of: shadowType(t.of, growable) };
  const r = refType(t);
  if (!r) return t;
  if (r.kind === 'array') {
    if (isRef(r.elem)) return plainArray(shadowType(r.elem, growable));
    return r.storage === 'plain' && growable ? plainArray(NUMBER) : FLOAT64;
  }
  const fields = r.fields
    .filter((f) => carriesDerivative(f.type))
    .map((f) => ({ key: f.key, type: shadowType(f.type, growable) }));
  return { kind: 'record', fields, tuple: r.tuple };
}

/**
 * JavaScript text that describes a type to the runtime: `'n'` number, `'f64' 'f32' 'int'` typed arrays, `['a', elem]` array,
 * `['o', { key: type }]` object, `['t', [types]]` tuple, `['?', type]` possibly missing, `'x'` carries no derivative.
 */
export function schemaText(t: Type): string {
  if (t.kind === 'maybe') return carriesDerivative(t) ? `['?', ${schemaText(t.of)}]` : `'x'`;
  if (t.kind === 'number') return `'n'`;
  const r = refType(t);
  if (!r || !carriesDerivative(r)) return r?.kind === 'array' && r.storage === 'int' ? `'int'` : `'x'`;
  if (r.kind === 'array') return r.storage === 'plain' ? `['a', ${schemaText(r.elem)}]` : `'${r.storage}'`;
  if (r.tuple) return `['t', [${r.fields.map((f) => schemaText(f.type)).join(', ')}]]`;
  return `['o', { ${r.fields.map((f) => `${JSON.stringify(f.key)}: ${schemaText(f.type)}`).join(', ')} }]`;
}
