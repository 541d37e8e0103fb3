/** The schema text by which the runtime walks a user's object. */
import type { ArrayType, RecordType, Type } from './nodes.js';
import { carriesDerivative, fieldsNamed, isSplit, kindOfKey, nameOfKey, present, refType } from './types.js';

/**
 * JavaScript text that describes a type to the runtime: `'n'` number, `'f64' 'f32' 'int'` typed arrays, `['a', elem]` array,
 * `['m', elem]` Map, `['k', elem]` object used as a map, `['o', { key: type }]` object, `['t', [types]]` tuple, `['?', type]`
 * possibly missing, `['s', { kind: type }]` one of several kinds, as its value says, `'x'` carries no derivative. A type inside itself is the parameter of the arrow around it.
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
    // what only the class sees of an instance from outside is never reached
    const fields = r.outside ? r.fields.filter((f) => !f.key.startsWith('#')) : r.fields;
    const names = [...new Set(fields.map((f) => nameOfKey(f.key)))];
    return `['o', { ${names.map((name) => `${JSON.stringify(name)}: ${this.field(r, name)}`).join(', ')} }]`;
  }
  private field(r: RecordType, name: string): string {
    const all = fieldsNamed(r, name);
    if (!isSplit(all[0].key)) return this.text(all[0].type);
    const kinds = all.map((f) => `${kindOfKey(f.key)}: ${this.text(present(f.type))}`);
    return `['s', { ${kinds.join(', ')} }]`;
  }
}
