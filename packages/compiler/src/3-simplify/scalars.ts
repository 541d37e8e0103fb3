/**
 * **Question**: which objects never need to exist? **Guarantees**: the same values; objects that are only read and written by
 * constant keys, and never compared, stored or passed on, become variables: one for each field. **Method**: references that
 * flow together form a web. A web without stores is replaced where it flows (results and carried values become one for each
 * field); a web of one object may also be written: its fields are then put in SSA form along the structure.
 */
import type {
  Func,
  LabelId,
  LoopOp,
  Op,
  Region,
  RuntimeOp,
  ScalarOp,
  Terminator,
  Type,
  ValueId,
  ValueTable,
} from '../ir/nodes.js';
import { CHECK_THERE, isRef, refType, slotType } from '../ir/types.js';
import { endArgs, mapCheckpoint, mapOp, opArgs, opRegions, walkOps } from '../ir/visit.js';

const MAX_FIELDS = 24;

interface Web {
  readonly literals: (Op & { kind: 'literal' })[];
  readonly keys: Set<string>;
  written: boolean;
  flows: boolean;
  escapes: boolean;
}

export function replaceByScalars(func: Func, values: ValueTable): Func {
  const webs = new Webs(values);
  webs.scan(func);
  const found = webs.candidates();
  if (found.size === 0) return func;
  return new Replacer(values, found, func.label).run(func);
}

/** Where a reference flows, and what is done with it. */
class Webs {
  private readonly parent = new Map<ValueId, ValueId>();
  private readonly webs = new Map<ValueId, Web>();
  private readonly constants = new Map<ValueId, number>();
  private readonly targets = new Map<LabelId, readonly ValueId[]>();

  constructor(readonly values: ValueTable) {}

  private ref(v: ValueId): boolean {
    return isRef(this.values.type(v));
  }
  private root(v: ValueId): ValueId {
    let x = v;
    for (let p = this.parent.get(x); p !== undefined; p = this.parent.get(x)) x = p;
    return x;
  }
  private web(v: ValueId): Web {
    const r = this.root(v);
    let w = this.webs.get(r);
    if (!w) {
      w = { literals: [], keys: new Set(), written: false, flows: false, escapes: false };
      this.webs.set(r, w);
    }
    return w;
  }
  private unite(a: ValueId, b: ValueId): void {
    if (!this.ref(a) || !this.ref(b)) {
      // `undefined` in place of an object
      if (this.ref(a)) this.web(a).escapes = true;
      if (this.ref(b)) this.web(b).escapes = true;
      return;
    }
    const x = this.root(a);
    const y = this.root(b);
    this.web(x).flows = true;
    if (x === y) return;
    const [wx, wy] = [this.web(x), this.web(y)];
    this.parent.set(y, x);
    wx.literals.push(...wy.literals);
    for (const k of wy.keys) wx.keys.add(k);
    wx.written ||= wy.written;
    wx.flows = true;
    wx.escapes ||= wy.escapes;
  }
  private escape(v: ValueId): void {
    if (this.ref(v)) this.web(v).escapes = true;
  }

  scan(f: Func): void {
    for (const p of f.params) this.escape(p);
    this.region(f.body);
    for (const v of endArgs(f.body.end)) this.escape(v);
  }
  private region(r: Region): void {
    for (const op of r.ops) this.op(op);
    if (r.end.kind === 'exit') {
      const to = this.targets.get(r.end.target);
      r.end.args.forEach((a, k) => {
        if (to?.[k] === undefined) this.escape(a);
        else this.unite(to[k], a);
      });
    } else if (r.end.kind === 'throw') this.escape(r.end.arg);
  }
  private yields(r: Region, to: readonly ValueId[]): void {
    if (r.end.kind === 'yield')
      r.end.args.forEach((a, k) => void (to[k] !== undefined && this.unite(to[k], a)));
  }
  private key(op: Op & { kind: 'load' | 'store' }): string | undefined {
    if ('key' in op.at) return op.at.key;
    const k = this.constants.get(op.at.index);
    return k !== undefined && Number.isInteger(k) && k >= 0 ? String(k) : undefined;
  }

  private op(op: Op): void {
    switch (op.kind) {
      case 'const':
        if (typeof op.value === 'number') this.constants.set(op.results[0], op.value);
        return;
      case 'literal': {
        const w = this.web(op.results[0]);
        w.literals.push(op);
        const isArray = op.type.kind === 'array';
        if (isArray && op.type.kind === 'array' && op.type.storage !== 'plain') w.escapes = true;
        op.args.forEach((a, k) => {
          w.keys.add(op.type.kind === 'record' ? op.type.fields[k].key : String(k));
          this.escape(a);
        });
        return;
      }
      case 'load':
      case 'store': {
        if ('index' in op.at) this.escape(op.at.index);
        const key = this.key(op);
        const w = this.web(op.ref);
        if (key === undefined) w.escapes = true;
        else w.keys.add(key);
        if (op.kind === 'store') {
          w.written = true;
          this.escape(op.value);
        } else this.escape(op.results[0]);
        return;
      }
      case 'scalar':
      case 'runtime':
        if (asksWhetherThere(op)) return;
        for (const a of opArgs(op)) this.escape(a);
        for (const v of op.results) this.escape(v);
        return;
      case 'if':
        this.region(op.then);
        this.region(op.else);
        this.yields(op.then, op.results);
        this.yields(op.else, op.results);
        return;
      case 'block':
        this.targets.set(op.label, op.results);
        this.region(op.body);
        this.yields(op.body, op.results);
        return;
      case 'loop': {
        this.targets.set(op.label, op.results);
        const params = op.body.params.slice(1);
        op.inits.forEach((v, k) => {
          this.unite(params[k], v);
          this.unite(op.results[k], params[k]);
        });
        for (const e of op.extras) if (e !== 'lastIv') this.escape(e);
        this.region(op.body);
        this.yields(op.body, params);
        return;
      }
      default:
        for (const a of opArgs(op)) this.escape(a);
        for (const v of op.results) this.escape(v);
        for (const r of opRegions(op)) this.region(r);
    }
  }

  /** The webs to replace, by each of their references. */
  candidates(): Map<ValueId, Web> {
    const found = new Map<ValueId, Web>();
    const fits = (w: Web): boolean => {
      if (w.escapes || w.literals.length === 0 || w.keys.size > MAX_FIELDS) return false;
      if (w.written && (w.flows || w.literals.length > 1)) return false;
      // an array is replaced only where each access is one of its elements
      return w.literals.every(
        (l) => l.type.kind === 'record' || [...w.keys].every((k) => Number(k) < l.args.length),
      );
    };
    for (const [v, w] of this.webs) if (this.root(v) === v && fits(w)) found.set(v, w);
    const all = new Map<ValueId, Web>();
    const note = (v: ValueId) => {
      const w = found.get(this.root(v));
      if (w) all.set(v, w);
    };
    for (const v of this.webs.keys()) note(v);
    for (const v of this.parent.keys()) note(v);
    return all;
  }
}

/** An object that is made here is there: the question does not need it. */
const asksWhetherThere = (op: ScalarOp | RuntimeOp): boolean =>
  op.kind === 'scalar' ? op.fn === 'isNullish' || op.fn === 'isUndefined' : op.name === CHECK_THERE;

type Fields = ReadonlyMap<string, ValueId>;
/** Where a construct's results are widened: each position as it was, or one value per field; then fields that were written. */
interface Layout {
  readonly webs: readonly (Web | undefined)[];
  readonly count: number;
  readonly added: readonly (readonly [Web, string])[];
}

class Replacer {
  /** Fields of references without stores. */
  private readonly fields = new Map<ValueId, Fields>();
  /** Current fields of objects that are written. */
  private current = new Map<Web, Map<string, ValueId>>();
  private readonly subst = new Map<ValueId, ValueId>();
  private readonly layouts = new Map<LabelId, Layout>();
  private readonly constants = new Map<ValueId, number>();
  /** References that stand for "not available": their fields are not either. */
  private readonly poisons = new Set<ValueId>();

  constructor(
    readonly values: ValueTable,
    readonly webs: ReadonlyMap<ValueId, Web>,
    readonly functionLabel: LabelId,
  ) {}

  run(f: Func): Func {
    // an index may be a constant of a region that is rebuilt later
    walkOps(f.body, (op) => {
      if (op.kind === 'const' && typeof op.value === 'number') this.constants.set(op.results[0], op.value);
    });
    return { ...f, body: this.region(f.body, undefined) };
  }
  private readonly value = (v: ValueId): ValueId => {
    let x = v;
    for (let n = this.subst.get(x); n !== undefined; n = this.subst.get(x)) x = n;
    return x;
  };
  private undefinedIn(ops: Op[]): ValueId {
    const id = this.values.fresh({ type: { kind: 'nullish' } });
    ops.push({ kind: 'const', value: undefined, results: [id] });
    return id;
  }
  private typeOf(v: ValueId, key: string): Type {
    const t = refType(this.values.type(v));
    return (t && slotType(t, key)) ?? { kind: 'nullish' };
  }

  private region(r: Region, layout: Layout | undefined, params: readonly ValueId[] = r.params): Region {
    const ops: Op[] = [];
    for (const op of r.ops) this.op(op, ops);
    return { params, ops, end: this.end(r.end, layout, ops) };
  }

  /** The arguments of a way out of a construct. */
  private args(args: readonly ValueId[], layout: Layout | undefined, ops: Op[]): ValueId[] {
    if (!layout) return args.map(this.value);
    const out: ValueId[] = [];
    const added = () => layout.added.map(([w, k]) => this.current.get(w)?.get(k) ?? this.undefinedIn(ops));
    args.forEach((a, k) => {
      if (k === layout.count) out.push(...added());
      const web = layout.webs[k];
      if (!web) out.push(this.value(a));
      else for (const key of web.keys) out.push(this.fieldOf(a, key, ops));
    });
    if (args.length <= layout.count) out.push(...added());
    return out;
  }
  private fieldOf(ref: ValueId, key: string, ops: Op[]): ValueId {
    if (this.poisons.has(ref)) {
      const id = this.values.fresh({ type: this.typeOf(ref, key) });
      ops.push({ kind: 'const', value: undefined, poison: true, results: [id] });
      return id;
    }
    const web = this.webs.get(ref);
    const v = web?.written ? this.current.get(web)?.get(key) : this.fields.get(ref)?.get(key);
    return v ?? this.undefinedIn(ops);
  }
  private end(end: Terminator, layout: Layout | undefined, ops: Op[]): Terminator {
    if (end.kind === 'throw') return { ...end, arg: this.value(end.arg) };
    if (end.kind === 'yield') return { ...end, args: this.args(end.args, layout, ops) };
    return { ...end, args: this.args(end.args, this.layouts.get(end.target), ops) };
  }

  private op(op: Op, ops: Op[]): void {
    switch (op.kind) {
      case 'const':
        if (op.poison) this.poisons.add(op.results[0]);
        ops.push(op);
        return;
      case 'literal':
        if (this.literal(op)) return;
        break;
      case 'load':
      case 'store':
        if (this.access(op, ops)) return;
        break;
      case 'scalar':
      case 'runtime':
        if (asksWhetherThere(op) && this.webs.has(op.args[0])) {
          if (op.kind === 'scalar') ops.push({ kind: 'const', value: false, results: op.results });
          return;
        }
        break;
      case 'if':
        this.if(op, ops);
        return;
      case 'block':
        this.block(op, ops);
        return;
      case 'loop':
        this.loop(op, ops);
        return;
      default:
        break;
    }
    ops.push(mapOp(op, { value: this.value, region: (r) => r }));
  }

  private literal(op: Op & { kind: 'literal' }): boolean {
    const web = this.webs.get(op.results[0]);
    if (!web) return false;
    const fields = new Map(
      op.args.map(
        (a, k) => [op.type.kind === 'record' ? op.type.fields[k].key : String(k), this.value(a)] as const,
      ),
    );
    if (web.written) this.current.set(web, fields);
    else this.fields.set(op.results[0], fields);
    return true;
  }

  private access(op: Op & { kind: 'load' | 'store' }, ops: Op[]): boolean {
    const web = this.webs.get(op.ref);
    if (!web) return false;
    const key = 'key' in op.at ? op.at.key : String(this.constants.get(op.at.index));
    if (op.kind === 'store') {
      const fields = new Map(this.current.get(web));
      this.current.set(web, fields.set(key, this.value(op.value)));
    } else this.subst.set(op.results[0], this.asType(this.fieldOf(op.ref, key, ops), op.results[0], ops));
    return true;
  }
  /** A field that may be missing by its type, read where a number is expected, and the other way round. */
  private asType(v: ValueId, like: ValueId, ops: Op[]): ValueId {
    const have = this.values.type(v);
    const want = this.values.type(like);
    if (have.kind !== 'maybe' || want.kind === 'maybe') return v;
    const id = this.values.like(like);
    ops.push({ kind: 'scalar', fn: 'unwrap', args: [v], results: [id] });
    return id;
  }

  /** Results for the fields of the webs among the old ones, and for what was written. */
  private results(
    old: readonly ValueId[],
    layout: Layout,
    count: number,
  ): { list: ValueId[]; settle: () => void } {
    const list: ValueId[] = [];
    const later: (() => void)[] = [];
    const added = () => {
      for (const [web, key] of layout.added) {
        const id = this.values.fresh({
          type: this.typeOf(web.literals[0].results[0], key),
          name: key.replace(/\W/g, '') || 'field',
        });
        list.push(id);
        later.push(() => {
          this.current.set(web, new Map(this.current.get(web)).set(key, id));
        });
      }
    };
    old.forEach((v, k) => {
      if (k === count) added();
      const web = layout.webs[k];
      if (!web) {
        list.push(v);
        return;
      }
      const fields = new Map<string, ValueId>();
      const { name } = this.values.get(v);
      for (const key of web.keys) {
        const id = this.values.fresh({
          type: this.typeOf(v, key),
          ...(name === undefined
            ? {}
            : { name: `${name}${key[0].toUpperCase()}${key.slice(1)}`.replace(/\W/g, '') }),
        });
        fields.set(key, id);
        list.push(id);
      }
      later.push(() => void this.fields.set(v, fields));
    });
    if (old.length <= count) added();
    const settle = () => {
      for (const f of later) f();
    };
    return { list, settle };
  }

  /** Fields that are written inside of a construct, of objects made before it. */
  private writtenIn(regions: readonly Region[]): (readonly [Web, string])[] {
    const found = new Map<string, readonly [Web, string]>();
    const ids = new Map<Web, number>();
    const visit = (r: Region): void => {
      for (const op of r.ops) {
        const web = op.kind === 'store' ? this.webs.get(op.ref) : undefined;
        if (op.kind === 'store' && web && this.current.has(web)) {
          const key = 'key' in op.at ? op.at.key : String(this.constants.get(op.at.index));
          if (!ids.has(web)) ids.set(web, ids.size);
          found.set(`${ids.get(web)}.${key}`, [web, key]);
        }
        for (const x of opRegions(op)) visit(x);
      }
    };
    regions.forEach(visit);
    return [...found.values()];
  }
  private if(op: Op & { kind: 'if' }, ops: Op[]): void {
    const falls = op.then.end.kind === 'yield' || op.else.end.kind === 'yield';
    const layout: Layout = {
      webs: op.results.map((v) => this.webs.get(v)),
      count: op.results.length,
      added: falls ? this.writtenIn([op.then, op.else]) : [],
    };
    const before = this.current;
    const arm = (r: Region): Region => {
      this.current = new Map(before);
      return this.region(r, r.end.kind === 'yield' ? layout : undefined);
    };
    const then = arm(op.then);
    const els = arm(op.else);
    this.current = new Map(before);
    const { list, settle } = this.results(op.results, layout, layout.count);
    settle();
    ops.push({ ...op, cond: this.value(op.cond), then, else: els, results: list });
  }

  private block(op: Op & { kind: 'block' }, ops: Op[]): void {
    const layout: Layout = {
      webs: op.results.map((v) => this.webs.get(v)),
      count: op.results.length,
      added: this.writtenIn([op.body]),
    };
    this.layouts.set(op.label, layout);
    const before = this.current;
    this.current = new Map(before);
    const body = this.region(op.body, layout);
    this.current = new Map(before);
    const { list, settle } = this.results(op.results, layout, layout.count);
    settle();
    ops.push({ ...op, body, results: list });
  }

  private loop(op: LoopOp, ops: Op[]): void {
    const n = op.inits.length;
    const layout: Layout = {
      webs: op.results.map((v) => this.webs.get(v)),
      count: n,
      added: this.writtenIn([op.body]),
    };
    const carried: Layout = { ...layout, webs: layout.webs.slice(0, n) };
    this.layouts.set(op.label, layout);
    const inits = this.args(op.inits, carried, ops);
    const before = this.current;
    this.current = new Map(before);
    const [iv, ...params] = op.body.params;
    const inner = this.results(params, carried, n);
    inner.settle();
    const body = this.region(op.body, carried, [iv, ...inner.list]);
    this.current = new Map(before);
    const { list, settle } = this.results(op.results, layout, n);
    settle();
    const extras = op.extras.map((e) => (e === 'lastIv' ? e : this.value(e)));
    ops.push({
      ...op,
      lo: this.value(op.lo),
      hi: this.value(op.hi),
      inits,
      extras,
      body,
      results: list,
      ...mapCheckpoint(op, this.value),
    });
  }
}
