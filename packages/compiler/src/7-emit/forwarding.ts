/**
 * Elements of the work array that are read where they have just been written: an index is surely that of an element there, so that
 * what is read is what was stored. Where an element is added to, read and overwritten, the sum need not be stored.
 */
import { NUMBER, type Op, type Region, type ValueId, type ValueTable } from '../ir/nodes.js';
import { isAccess, mapEnd, mapOp, opArgs, opRegions, someOp, walkOps } from '../ir/visit.js';

/** What gives a number, whatever it is given: an element that is missing elsewhere would be stored as NaN. */
const ARITHMETIC = new Set(['add', 'sub', 'mul', 'div', 'neg', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tanh']);

interface Slot {
  readonly index: ValueId;
  readonly value: ValueId;
}

/** `refs`: arrays of which all indices are within their length, and that have no other names. */
export function withForwarding(body: Region, refs: ReadonlySet<ValueId>, values: ValueTable): Region {
  return new Forwarding(body, refs, values).region(body);
}

class Forwarding {
  private readonly numbers = new Set<ValueId>();
  private readonly names = new Map<ValueId, ValueId>();

  constructor(
    body: Region,
    private readonly refs: ReadonlySet<ValueId>,
    private readonly values: ValueTable,
  ) {
    walkOps(body, (op) => {
      if (op.kind === 'scalar' && ARITHMETIC.has(op.fn)) this.numbers.add(op.results[0]);
    });
  }

  private readonly value = (v: ValueId): ValueId => this.names.get(v) ?? v;

  readonly region = (r: Region): Region => {
    const stored = new Map<ValueId, Slot>();
    /** What is to be added to what was read. */
    const added = new Map<ValueId, Slot & { readonly before: ValueId }>();
    const ops = r.ops.flatMap((op, k): readonly Op[] => {
      for (const ref of this.writtenIn(op)) stored.delete(ref);
      // what is known of operations goes by their identity
      const isSame = opRegions(op).length === 0 && !opArgs(op).some((v) => this.names.has(v));
      const mapped = isSame ? op : mapOp(op, { value: this.value, region: this.region });
      // what is there is no zero in its place
      if (mapped.kind === 'scalar' && mapped.fn === 'orZero' && this.numbers.has(mapped.args[0])) {
        this.names.set(mapped.results[0], mapped.args[0]);
        return [];
      }
      if (!isAccess(mapped) || !this.refs.has(mapped.ref) || !('index' in mapped.at)) return [mapped];
      const { ref } = mapped;
      const { index } = mapped.at;
      if (mapped.kind === 'store') {
        if (this.numbers.has(mapped.value)) stored.set(ref, { index, value: mapped.value });
        return [mapped];
      }
      if (mapped.kind === 'accum') {
        if (!this.isTaken(ref, index, r.ops, k)) return [mapped];
        const before = this.values.fresh({ type: NUMBER });
        added.set(ref, { index, value: mapped.value, before });
        return [{ kind: 'load', ref, at: mapped.at, results: [before] }];
      }
      const { results } = mapped;
      const sum = added.get(ref);
      if (sum) {
        added.delete(ref);
        this.numbers.add(results[0]);
        return [{ kind: 'scalar', fn: 'add', args: [sum.before, sum.value], results }];
      }
      const known = stored.get(ref);
      if (known?.index !== index) return [mapped];
      this.names.set(results[0], known.value);
      return [];
    });
    return { ...r, ops, end: mapEnd(r.end, this.value) };
  };

  /** Whether the next that is done to the array is that this element is read, and then overwritten. */
  private isTaken(ref: ValueId, index: ValueId, ops: readonly Op[], at: number): boolean {
    const next: Op[] = [];
    for (let k = at + 1; k < ops.length && next.length < 2; k++)
      if (someOp(ops[k], (op) => isAccess(op) && op.ref === ref)) next.push(ops[k]);
    const isSame = (op: Op) => isAccess(op) && 'index' in op.at && this.value(op.at.index) === index;
    return next.map((op) => op.kind).join() === 'load,store' && next.every(isSame);
  }
  /** Arrays that something is written into. */
  private writtenIn(op: Op): ReadonlySet<ValueId> {
    const found = new Set<ValueId>();
    const visit = (o: Op): void => {
      if (isAccess(o) && o.kind !== 'load') found.add(o.ref);
      for (const r of opRegions(o)) r.ops.forEach(visit);
    };
    visit(op);
    return found;
  }
}
