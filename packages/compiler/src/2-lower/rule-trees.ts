/** Trees of numbers that stand before and behind derivative rules: copies of them, lists of their numbers, and back. */
import type { ts } from '../host/ts.js';
import { NEVER, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { carriesDerivative, isSplit, plainArray, refType } from '../ir/types.js';
import { irVal } from './args.js';
import { typedFrom } from './array-constructors.js';
import type { FunctionContext } from './context.js';
import { cloneDeep } from './deep-copies.js';
import { stop } from './expressions.js';
import { alloc } from './intrinsics.js';
import { isPlain } from './snapshots.js';

/** Dimensions of an array of numbers, up to three. */
export function rankOf(t: Type): number | undefined {
  if (t.kind !== 'array' || t.storage === 'keyed') return undefined;
  if (t.elem.kind === 'number') return 1;
  const inner = rankOf(t.elem);
  return inner === undefined || inner > 2 ? undefined : inner + 1;
}
/** Numbers, arrays of numbers, and plain objects and tuples of these. */
export function isTree(t: Type): boolean {
  if (t.kind === 'number') return true;
  if (t.kind !== 'record') return rankOf(t) !== undefined;
  return (
    !t.classes &&
    !t.functions &&
    t.fields.every((f) => !isSplit(f.key) && (!carriesDerivative(f.type) || isTree(f.type)))
  );
}
/** The fields of a tree in the order in which JavaScript goes through them. */
export function fieldsOf(t: RecordType): { readonly key: string; readonly type: Type }[] {
  const order = Object.keys(Object.fromEntries(t.fields.map((f) => [f.key, 0])));
  return order.map((key) => t.fields.find((f) => f.key === key)!).filter((f) => carriesDerivative(f.type));
}

export class RuleTrees {
  constructor(
    readonly cx: FunctionContext,
    readonly e: ts.Expression,
  ) {}

  list(what = 'rule'): ValueId {
    const { cx, e } = this;
    return alloc(
      cx,
      cx.site(what, e, () => plainArray(NEVER)),
      cx.constant(0, e),
      e,
    );
  }
  private library(name: string, ...args: readonly ValueId[]): ValueId {
    return this.cx.ir(this.cx.callLibrary(name, args.map(irVal), this.e), this.e);
  }
  private run(name: string, ...args: readonly ValueId[]): void {
    this.cx.callLibrary(name, args.map(irVal), this.e);
  }
  private mismatch(): never {
    return this.cx.refuse(
      'AD4007',
      this.e,
      'what the rule gives does not have the shape that it should have',
    );
  }

  /** Appends all numbers of a tree to a list. */
  append(to: ValueId, id: ValueId): void {
    const { cx, e } = this;
    const t = refType(cx.type(id));
    if (!t) this.run('__add1', to, id);
    else if (t.kind === 'record')
      for (const f of fieldsOf(t)) this.append(to, cx.load(id, { key: f.key }, e));
    else this.run(['', '__append', '__append2', '__append3'][rankOf(t)!], to, id);
  }
  /** Appends the numbers of a gradient or tangent, which must have the shape of `like`: of a value of type `t`. */
  gather(to: ValueId, id: ValueId, t: Type, like: ValueId): void {
    const { cx, e } = this;
    const own = cx.type(id);
    if (own.kind === 'never') cx.giveUp(e);
    if (t.kind === 'number') return this.run('__gather0', to, cx.number(id, e));
    if (t.kind === 'record') {
      const from = own.kind === 'record' ? own : this.mismatch();
      for (const f of fieldsOf(t)) {
        if (!from.fields.some((x) => x.key === f.key)) this.mismatch();
        this.gather(to, cx.load(id, { key: f.key }, e), f.type, this.part(like, f.key));
      }
      return;
    }
    const rank = rankOf(t)!;
    if (own.kind === 'record' && own.tuple) {
      this.run('__sameLength', id, like);
      own.fields.forEach((f, k) => {
        const inner = t.kind === 'array' ? t.elem : this.mismatch();
        this.gather(to, cx.load(id, { key: f.key }, e), inner, this.part(like, String(k)));
      });
      return;
    }
    if (rankOf(own) !== rank) this.mismatch();
    this.run(`__gather${rank}`, to, id, like);
  }
  /** An element or field. */
  part(id: ValueId, key: string): ValueId {
    const { cx, e } = this;
    const t = refType(cx.type(id)) ?? this.mismatch();
    return cx.load(id, t.kind === 'array' ? { index: cx.constant(Number(key), e) } : { key }, e);
  }
  zeros(to: ValueId, t: Type, like: ValueId): void {
    this.run('__appendZeros', to, this.count(t, like));
  }

  /** How many numbers a tree has. */
  count(t: Type, id: ValueId): ValueId {
    const { cx, e } = this;
    if (t.kind === 'number') return cx.constant(1, e);
    if (t.kind !== 'record') return this.library(`__count${rankOf(t)!}`, id);
    return fieldsOf(t).reduce(
      (n, f) => cx.scalar('add', [n, this.count(f.type, this.part(id, f.key))], e),
      cx.constant(0, e),
    );
  }

  /** A tree that nothing else refers to; `stopped`: it is seen through `stopGradient`. */
  copy(id: ValueId, path: string, stopped = false): ValueId {
    const { cx, e } = this;
    const type = cx.type(id);
    const t = refType(type);
    if (!t) return stopped ? stop(cx, id, e) : id;
    if (type.kind === 'maybe' || !carriesDerivative(t)) {
      if (!isPlain(type)) cx.refuse('AD4007', e, 'an argument cannot be copied');
      return cloneDeep(cx, id, e);
    }
    if (t.kind === 'array')
      return cx.ir(
        cx.callLibrary(`__copy${rankOf(t)!}`, [{ kind: 'ir', id: stopped ? cx.stoppedView(id, e) : id }], e),
        e,
      );
    const parts = t.fields.map((f) => this.copy(cx.load(id, { key: f.key }, e), `${path}.${f.key}`, stopped));
    return this.record(t, parts, `copy ${path}`);
  }
  /** The numbers of `list` from `at` on in the shape of `like`, of type `t`; what carries no derivative is missing. */
  rebuild(
    t: Type,
    like: ValueId,
    list: ValueId,
    at: ValueId,
    path: string,
  ): { readonly id: ValueId; readonly next: ValueId } {
    const { cx, e } = this;
    if (!carriesDerivative(t)) return { id: cx.constant(undefined, e), next: at };
    const next = (): ValueId => cx.scalar('add', [at, this.count(t, like)], e);
    if (t.kind === 'number') return { id: cx.load(list, { index: at }, e), next: next() };
    if (t.kind === 'record') {
      const made = new Map<string, ValueId>();
      let end = at;
      for (const f of fieldsOf(t)) {
        const part = this.rebuild(f.type, this.part(like, f.key), list, end, `${path}.${f.key}`);
        made.set(f.key, part.id);
        end = part.next;
      }
      const parts = t.fields.map((f) => made.get(f.key) ?? cx.constant(undefined, e));
      return { id: this.record(t, parts, `numbers ${path}`), next: end };
    }
    const rank = rankOf(t)!;
    if (rank > 1)
      return { id: this.library(rank === 2 ? '__rows' : '__planes', list, at, like), next: next() };
    const end = next();
    const numbers = this.library('array_slice', list, at, end);
    const isTyped = t.kind === 'array' && t.storage !== 'plain';
    return { id: isTyped ? typedFrom(cx, t, numbers, e) : numbers, next: end };
  }

  /** An object with the fields of a type, or a tuple. */
  record(t: RecordType, parts: readonly ValueId[], what: string): ValueId {
    const { cx, e } = this;
    const fields = t.fields.map((f, k) => ({ key: f.key, type: cx.type(parts[k]) }));
    const own: RecordType = { kind: 'record', tuple: t.tuple, fields };
    const type = cx.site(`rule ${what}`, e, () => own) as RecordType;
    fields.forEach((f) => void cx.state.inference.store(type, f.key, f.type));
    const id = cx.fresh(type, e);
    cx.emit({ kind: 'literal', type: own, args: parts, results: [id], span: cx.span(e) });
    return id;
  }
  tuple(parts: readonly ValueId[], what: string): ValueId {
    const fields = parts.map((id, k) => ({ key: String(k), type: this.cx.type(id) }));
    return this.record({ kind: 'record', tuple: true, fields }, parts, what);
  }
}
