/** The text of each operation that is neither control flow nor about a tape. */
import type {
  AccumOp,
  AllocOp,
  ConstOp,
  ForeignOp,
  LengthOp,
  LiteralOp,
  LoadOp,
  Op,
  OuterOp,
  Region,
  ResizeOp,
  RuntimeOp,
  ScalarOp,
  StoreOp,
  Type,
  ValueId,
} from '../ir/nodes.js';
import { holdsInstances } from '../ir/type-questions.js';
import { isKeyed, isRef, isSplit, kindOfKey, nameOfKey, refType } from '../ir/types.js';
import { PREC } from '../rules/define.js';
import { scalarRule } from '../rules/scalar.js';
import { atom, combine, constantText, parenthesised, precedenceBetween, type Text } from './expression.js';
import { TapeWriter } from './tape-writer.js';
import { typeText } from './types.js';

/** Maps, and sets, which are maps from their elements to themselves. */
const isMap = (t: Type): boolean => {
  const r = refType(t);
  return r?.kind === 'array' && (r.ctor === 'Map' || r.ctor === 'Set');
};

export class OperationWriter extends TapeWriter {
  protected constant(op: ConstOp): void {
    const [v] = op.results;
    if (op.poison) this.poisons.add(v);
    const nothing = (): Text =>
      atom({ number: '0', boolean: 'false' }[this.type(v).kind as string] ?? 'undefined');
    this.texts.set(v, op.poison ? nothing() : constantText(op.value));
  }

  protected scalar({ fn, args, results, span }: ScalarOp, r: Region): void {
    const rule = scalarRule(fn);
    for (const k of rule.repeats ?? []) this.nameIfComplex(args[k]);
    // TypeScript refuses `??` behind what is written as a number
    if (fn === 'orZero') this.nameIfComplex(args[0], 17);
    const parts = args.map((a) => this.text(a));
    const code = rule.emit((i, prec) => parenthesised(parts[i], prec), parts.length);
    // one arm may be `undefined`, which the types of its uses rule out
    if (fn === 'select' && args.slice(1).some((v) => this.mayBeMissing(v)))
      return this.define(results[0], combine(`(${code}) as any`, 10, parts), r, span);
    // what is surely missing, although the types of its uses rule that out
    if (fn === 'unwrap' && (code === 'undefined' || code === 'null'))
      return this.define(results[0], atom(`(${code} as any)`), r, span);
    const prec = rule.transparent ? Math.min(rule.prec, parts[0].prec) : rule.prec;
    this.define(results[0], combine(code, prec, parts), r, span);
  }

  // ------------------------------------------------------------------ memory

  protected load(op: LoadOp, r: Region): void {
    const ref = this.text(op.ref);
    const slot = isMap(this.type(op.ref)) ? this.keySlot(op.at) : this.slot(op.at);
    const parts = 'index' in op.at ? [ref, this.lastIndex!] : [ref];
    const code = this.ofKind(op, `${parenthesised(ref, 17)}${slot}`);
    this.define(op.results[0], combine(code, 17, parts, true), r, op.span);
  }
  protected length(op: LengthOp, r: Region): void {
    const ref = this.text(op.ref);
    const t = refType(this.type(op.ref));
    const mayChange = t?.kind !== 'array' || t.storage === 'plain';
    this.define(op.results[0], combine(`${parenthesised(ref, 17)}.length`, 17, [ref], mayChange), r, op.span);
  }
  protected outer({ text, changes, results, span }: OuterOp, r: Region): void {
    const known = this.asKnown(atom(text), results[0]);
    this.define(results[0], { ...known, readsMemory: changes === true }, r, span);
  }
  protected resize(op: ResizeOp): void {
    const ref = this.operand(op.ref, 17);
    const length = this.text(op.length).code;
    this.flush(this.memory);
    const remove = isMap(this.type(op.ref)) ? `${ref}.delete(${length});` : `delete ${ref}[${length}];`;
    const set = op.how === 'delete' ? remove : `${ref}.length = ${length};`;
    this.line(op.how === 'clear' ? `${ref}.clear();` : set, op.span);
  }

  protected lastIndex: Text | undefined;
  protected slot(at: { readonly index: ValueId } | { readonly key: string }): string {
    if ('key' in at) {
      const name = nameOfKey(at.key);
      if (/^[A-Za-z_$][\w$]*$/.test(name)) return `.${name}`;
      return String(Number.parseInt(name, 10)) === name ? `[${name}]` : `[${JSON.stringify(name)}]`;
    }
    this.lastIndex = this.text(at.index);
    return `[${this.lastIndex.code}]`;
  }

  /** A field that may hold a value of another kind in this object, which is nothing then. */
  protected ofKind(op: Op, text: string): string {
    const kind = op.kind === 'load' && 'key' in op.at ? kindOfKey(op.at.key) : undefined;
    if (kind === undefined || this.type(op.results[0]).kind !== 'maybe') return text;
    return `${this.o.runtimeName('ofKind')}(${text}, '${kind}')`;
  }

  protected keySlot(at: { readonly index: ValueId } | { readonly key: string }): string {
    if (!('index' in at)) throw new Error('a map has no fields');
    this.lastIndex = this.text(at.index);
    return `.get(${this.lastIndex.code})`;
  }

  /** TypeScript may know an instance as one of its interface only, and keeps private fields from others. */
  protected asKnown(text: Text, v: ValueId): Text {
    return holdsInstances(this.type(v)) ? { ...text, code: `(${text.code} as any)`, prec: 18 } : text;
  }
  protected store(op: StoreOp | AccumOp): void {
    const ref = this.operand(op.ref, 17);
    const keyed = isMap(this.type(op.ref));
    const slot = `${ref}${keyed ? this.keySlot(op.at) : this.slot(op.at)}`;
    const key = keyed ? this.lastIndex?.code : undefined;
    const value = this.text(op.value);
    this.flush(this.memory);
    if (keyed || isKeyed(this.type(op.ref))) {
      const sum = `(${slot} ?? 0) + ${parenthesised(value, 12)}`;
      const next = op.kind === 'store' ? value.code : sum;
      this.line(keyed ? `${ref}.set(${key}, ${next});` : `${slot} = ${next};`, op.span);
      return;
    }
    if (op.kind === 'store') this.line(`${slot} = ${value.code};`, op.span);
    else {
      const negated = value.prec === 14 && value.code.startsWith('-') && !value.code.startsWith('--');
      const t = refType(this.type(op.ref));
      const isOther = 'key' in op.at && isSplit(op.at.key);
      if (isOther) return this.line(`if (typeof ${slot} === 'number') ${slot} += ${value.code};`, op.span);
      const guarded = op.guarded === true || (t?.kind === 'array' && t.storage === 'plain');
      const update = negated ? `${slot} -= ${value.code.slice(1)};` : `${slot} += ${value.code};`;
      this.line(guarded ? `if (${slot} !== undefined) ${update}` : update, op.span);
    }
  }

  // ------------------------------------------------------------------ objects

  protected make(op: AllocOp | LiteralOp): void {
    this.flush(this.memory);
    this.name(op.results[0], op.kind === 'alloc' ? this.allocText(op) : this.literalText(op), op.span);
  }
  protected allocText(op: AllocOp): Text {
    if (op.type.storage === 'keyed') {
      this.text(op.length);
      return atom(
        op.type.ctor === 'Object'
          ? '{} as any'
          : op.type.ctor === 'NullObject'
            ? '{ __proto__: null } as any'
            : 'new Map<any, any>()',
      );
    }
    const length = this.text(op.length).code;
    const fill = op.fill === undefined ? '' : `.fill(${this.text(op.fill).code})`;
    // rows of a shadow may be typed arrays or plain ones
    const elem = isRef(op.type.elem) ? 'any' : typeText(op.type.elem);
    const generic = op.type.storage === 'plain' ? `<${elem}>` : '';
    return { ...atom(`new ${op.type.ctor}${generic}(${length})${fill}`), prec: 17 };
  }
  protected literalText(op: LiteralOp): Text {
    const args = op.args.map((a) => this.operand(a, 2));
    const { type } = op;
    // strict checking would want each element tested
    const missing = op.args.some((v) => this.mayBeMissing(v));
    if (type.kind === 'array' && args.length > 0 && (missing || type.elem.kind === 'maybe'))
      return { ...atom(`[${args.join(', ')}] as any[]`), prec: 10 };
    if (type.kind === 'array')
      return {
        ...atom(`[${args.join(', ')}]${args.length === 0 ? ` as ${typeText(type)}` : ''}`),
        prec: args.length === 0 ? 10 : 18,
      };
    if (type.tuple) {
      // a shadow has only the positions that carry a derivative
      const last = Number(type.fields[type.fields.length - 1]?.key ?? -1);
      const slots = Array.from(
        { length: last + 1 },
        (_, k) => args[type.fields.findIndex((f) => f.key === String(k))] ?? 'undefined',
      );
      return atom(`[${slots.join(', ')}] as any`);
    }
    const key = (k: string) => (/^[A-Za-z_$][\w$]*$/.test(k) ? k : JSON.stringify(k));
    const texts = new Map<string, string>();
    for (const [k, f] of type.fields.entries()) {
      const name = nameOfKey(f.key);
      const other = texts.get(name) ?? 'undefined';
      // of a field that is told apart by kinds an object has one
      if (other !== 'undefined' && args[k] !== 'undefined')
        throw new Error(`an object has \`${name}\` twice`);
      texts.set(name, other === 'undefined' ? args[k] : other);
    }
    const fields = [...texts].map(([name, text]) =>
      text === name && key(name) === name ? name : `${key(name)}: ${text}`,
    );
    const object = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    if (op.instanceOf !== undefined)
      return atom(`Object.assign(Object.create(${op.instanceOf}.prototype), ${object})`);
    return atom(`${object} as any`);
  }

  // ------------------------------------------------------------------ other code

  protected foreign(op: ForeignOp, r: Region): void {
    const parts = op.args.map((a) => this.text(a));
    let code = op.template[0];
    op.args.forEach((_, k) => {
      const after = op.template[k + 1];
      code += `${parenthesised(parts[k], precedenceBetween(op.template[k], after))}${after}`;
    });
    const own = combine(code, op.template[0] === '' ? 8 : 17, parts, true);
    const text = this.asKnown(own, op.results[0]);
    if (op.pure) return this.define(op.results[0], text, r, op.span);
    this.flush(this.memory);
    // a line that begins with a brace is a block
    const statement = code.startsWith('{') ? `(${code})` : code;
    if (this.uses.count(op.results[0]) === 0) this.line(`${statement};`, op.span);
    else this.name(op.results[0], text, op.span);
  }

  /** A call of the runtime package. */
  protected helper(op: RuntimeOp, r: Region): void {
    const parts = op.args.map((a) => this.text(a));
    const entries = (op.entries ?? []).map(({ name, value, written, kept }) => {
      const fields = kept.length > 0 ? `, ${JSON.stringify(kept)}` : '';
      return `[${JSON.stringify(name)}, ${this.text(value).code}, ${written}${fields}]`;
    });
    const place = op.placed ? [JSON.stringify(op.span ? this.o.placeOf(op.span) : '')] : [];
    const list = [...parts.map((p) => p.code), ...op.literals, ...place, ...entries];
    const code = `${this.o.runtimeName(op.name)}(${list.join(', ')})`;
    const text = combine(code, 17, parts, true);
    if (op.effect === 'pure') return this.define(op.results[0], text, r, op.span);
    this.flush(this.memory);
    if (op.results.length === 0) this.line(`${code};`, op.span);
    else this.name(op.results[0], text, op.span, this.type(op.results[0]).kind === 'number' ? '' : ': any');
  }
  /** Hands over to other code unless all of this holds. */
  protected unless({ args }: RuntimeOp): void {
    const tests = args.map((v) => this.operand(v, PREC.equality));
    this.flush(this.all);
    const released = this.tapes.map((t) => `${this.o.runtimeName('releaseTape')}(${t.tape}, ${t.top}); `);
    const nameOf = (v: ValueId) => this.texts.get(v)!.code;
    const call = `return ${this.o.otherwise?.(nameOf)};`;
    const all = tests.join(' && ');
    this.line(`if (!(${all})) ${released.length > 0 ? `{ ${released.join('')}${call} }` : call}`);
  }
  /** A range of the work array, or one of its own, if that is too short. */
  protected workArray({ args: [length, cleared], results: [work] }: RuntimeOp): void {
    const size = this.text(length);
    const { code } = size.prec === 18 ? size : { code: this.named('size', size) };
    const shared = this.o.workArray();
    const choice = `${code} <= ${shared}.length ? ${shared} : new Float64Array(${code})`;
    this.name(work, { ...atom(choice), prec: 3 });
    if (cleared === undefined) return;
    const end = cleared === length ? code : this.text(cleared).code;
    this.line(`${this.text(work).code}.fill(0, 0, ${end});`);
  }
}
