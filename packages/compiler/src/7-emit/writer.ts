/**
 * Lines of a function under construction, with the texts of its values: one that is used once is held back until its use, unless what it
 * reads changes before; the others have a name.
 */

import type { Func, Module, Region, Span, Type, ValueId } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { atom, parenthesised, type Text } from './expression.js';
import { findHomes } from './homes.js';
import { Names } from './names.js';
import type { EmitOptions } from './options.js';
import { typeText } from './types.js';
import { Uses } from './uses.js';

const MAX_WIDTH = 100;

export interface Pending {
  readonly text: Text;
  readonly value: ValueId;
}

export class Writer {
  protected lines: string[] = [];
  protected indent = 1;
  protected readonly names: Names;
  protected readonly uses: Uses;
  /** Values that are computed in the variable of a result, and the variables once they are declared. */
  protected readonly homes: ReadonlyMap<ValueId, ValueId>;
  protected readonly residents = new Map<ValueId, string>();
  protected readonly variable = new Map<ValueId, string>();
  protected readonly texts = new Map<ValueId, Text>();
  protected pending: Pending[] = [];
  /** Innermost loop (or pullback) around: a variable may only be taken over in the same one. */
  protected loopNow: object | undefined;
  protected readonly loopOf = new Map<ValueId, object | undefined>();
  /** Inside a conditional expression nothing may become a statement. */
  protected wide = false;
  protected inReverse = false;
  protected lastQuoted: string | undefined;

  constructor(
    readonly module: Module,
    readonly func: Func,
    readonly o: EmitOptions,
  ) {
    this.names = new Names(o.avoid);
    this.uses = new Uses(func.body);
    this.homes = findHomes(func.body, this.uses);
  }

  protected line(text: string, span?: Span): void {
    let quote = '';
    if (this.inReverse && span) {
      const source = this.o.sourceLine(span);
      if (source !== undefined && source !== this.lastQuoted) {
        this.lastQuoted = source;
        quote = ` // ${source}`;
      }
    }
    this.lines.push(`${'  '.repeat(this.indent)}${text}${quote}`);
  }

  protected type(v: ValueId): Type {
    return this.module.values.type(v);
  }
  protected nameFor(v: ValueId): string {
    return this.names.fresh(this.module.values.get(v).name ?? (isRef(this.type(v)) ? 'o' : 't'));
  }

  /** The name of what is in every such function, like its tape: another one where the program reads a variable of that name. */
  protected ownName(wish: string): string {
    const known = this.ownNames.get(wish) ?? this.names.fresh(wish);
    this.ownNames.set(wish, known);
    return known;
  }
  private readonly ownNames = new Map<string, string>();

  // ------------------------------------------------------------------ values

  /** The text of a value where it is used; takes it from the pending ones. */
  protected text(v: ValueId): Text {
    const at = this.pending.findIndex((p) => p.value === v);
    if (at >= 0) return this.pending.splice(at, 1)[0].text;
    const t = this.texts.get(v);
    if (!t) throw new Error(`value %${v} is used before it is defined`);
    return t;
  }
  protected operand(v: ValueId, prec: number): string {
    return parenthesised(this.text(v), prec);
  }

  /** Holds an expression back if it is used once in this region, else gives it a name. */
  protected define(v: ValueId, text: Text, region: Region, span?: Span): void {
    if (this.uses.count(v) === 0 && !text.readsMemory) return;
    const named = this.module.values.get(v).name !== undefined;
    const short = this.wide || text.code.length <= (named ? 30 : MAX_WIDTH);
    if (this.uses.onceIn(v, region) && short) this.pending.push({ value: v, text });
    else if (text.prec === 18 && text.reads.size === 0 && !text.readsMemory) this.texts.set(v, text);
    else this.name(v, text, span);
  }
  protected name(v: ValueId, text: Text, span?: Span, type = ''): void {
    const variable = this.residence(v);
    const n = variable ?? this.nameFor(v);
    this.line(`${variable === undefined ? `const ${n}${type}` : n} = ${text.code};`, span);
    this.texts.set(v, variable === undefined ? atom(n) : { ...atom(n), reads: new Set([n]) });
  }
  /** Gives names to held expressions that the next statement would change. */
  protected flush(which: (t: Text) => boolean): void {
    const keep: Pending[] = [];
    const list = this.pending;
    this.pending = [];
    for (const p of list) {
      if (which(p.text)) this.name(p.value, p.text);
      else keep.push(p);
    }
    this.pending = keep;
  }
  protected readonly all = () => true;
  protected readonly memory = (t: Text) => t.readsMemory;

  protected declare(name: string, v: ValueId, init?: Text): void {
    const t = this.type(v);
    const plain = t.kind === 'number' || t.kind === 'boolean';
    const type = plain ? typeText(t) : t.kind === 'array' ? typeText(t) : 'any';
    const start = init?.code ?? (t.kind === 'number' ? '0' : t.kind === 'boolean' ? 'false' : undefined);
    if (start === undefined) this.line(`let ${name}: any;`);
    else this.line(`let ${name}: ${init === undefined || plain ? type : 'any'} = ${start};`);
  }
  /** The variable of the result that a value lives in. */
  protected residence(v: ValueId): string | undefined {
    const result = this.homes.get(v);
    return result === undefined ? undefined : this.residents.get(result);
  }
  protected asVariable(v: ValueId, name: string): void {
    this.variable.set(v, name);
    this.loopOf.set(v, this.loopNow);
    this.texts.set(v, { code: name, prec: 18, reads: new Set([name]), readsMemory: false });
  }
  /** Values that stand in for what is never read. */
  protected readonly poisons = new Set<ValueId>();
  protected nameIfComplex(v: ValueId, prec = 18): void {
    const at = this.pending.findIndex((p) => p.value === v);
    if (at < 0 || (prec < 18 && this.pending[at].text.prec >= prec)) return;
    const [p] = this.pending.splice(at, 1);
    if (p.text.prec === 18) this.texts.set(v, p.text);
    else this.name(v, p.text);
  }
  protected named(name: string, text: Text): string {
    const n = this.names.fresh(name);
    this.line(`const ${n} = ${text.code};`);
    return n;
  }
  protected mayBeMissing(v: ValueId): boolean {
    const { kind } = this.type(v);
    return kind === 'maybe' || kind === 'nullish';
  }
}
