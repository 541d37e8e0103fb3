/**
 * **Question**: does it matter how often, and in which order, a comparator is called, which is the language's affair?
 * **Guarantees**: a diagnostic (AD5005) at what a comparator writes that was there before it was called, and at what it calls for
 * the effect. **Method**: memory as the comparator and what it calls see it, as if there were nothing else; what is written must not be
 * reachable from what it is given, unless it is computed once and kept.
 */
import { analyseMemory, type Memory, type MemoryClass } from '../3-simplify/memory.js';
import { type Diagnostics, type Place, placeOfSpan } from '../diagnostics/diagnostic.js';
import type { Func, Module, Op, Region, Span, ValueId } from '../ir/nodes.js';
import { calledFrom } from '../ir/reach.js';
import { isRef } from '../ir/types.js';
import { endArgs, opRegions, valuesRead, walkOps } from '../ir/visit.js';

interface Compared {
  readonly module: Module;
  readonly comparators: ReadonlyMap<string, Span>;
}

export function checkComparators(
  { module, comparators }: Compared,
  diagnostics: Diagnostics,
  request: Place & { readonly message: string },
): void {
  for (const [key, at] of comparators) {
    const comparator = module.funcs.get(key)!;
    const reached = calledFrom(comparator, module.funcs);
    if (![...reached.values()].some(mayHaveEffects)) continue;
    const sorted = { ...placeOfSpan(at), message: 'elements are compared here' };
    for (const op of effectsOf(module, comparator, reached))
      if (op.span)
        diagnostics.report(
          'AD5005',
          placeOfSpan(op.span),
          [sorted, request],
          'a comparator has an effect here, and how often it is called is left open by the language',
          'do it apart from the order; what is expensive to compare by can be computed for each element first',
        );
  }
}

function mayHaveEffects(f: Func): boolean {
  const read = valuesRead(f.body.ops);
  let found = false;
  walkOps(f.body, (op) => {
    found ||= op.kind === 'store' || op.kind === 'resize' || isForEffect(op, read);
  });
  return found;
}

/** Code outside that is called, and gives nothing that is used. */
const isForEffect = (op: Op, read: ReadonlySet<ValueId>): boolean =>
  op.kind === 'foreign' && !op.pure && !op.makesOnly && !op.results.some((r) => read.has(r));

/** The operations of a comparator, and of what it calls, by which others see that it was called. */
function effectsOf(module: Module, comparator: Func, funcs: ReadonlyMap<string, Func>): Op[] {
  const memory = analyseMemory({ ...module, funcs }, comparator);
  const given = new Set<MemoryClass>();
  const captured = new Set<MemoryClass>();
  const isObject = (v: ValueId): boolean => isRef(module.values.type(v));
  const give = (v: ValueId): void => void (isObject(v) && memory.reachable(memory.classOf(v), given));
  const capture = (v: ValueId): void => {
    if (isObject(v)) withoutElements(memory.classOf(v), captured);
  };
  comparator.params.forEach(give);
  capturedBy(module, comparator).forEach(capture);
  for (const f of funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'outer' || (op.kind === 'foreign' && !op.makesOnly)) op.results.forEach(give);
      if (op.kind === 'outer') op.results.forEach(capture);
    });
  const found: Op[] = [];
  for (const f of funcs.values()) {
    const used = valuesRead(f.body.ops);
    for (const v of endArgs(f.body.end)) used.add(v);
    const kept = keptOnce(f, memory, captured);
    walkOps(f.body, (op) => {
      const isWrite = op.kind === 'store' || op.kind === 'resize';
      if (isWrite ? given.has(memory.classOf(op.ref)) && !kept.has(op) : isForEffect(op, used))
        found.push(op);
    });
  }
  return found;
}

/** The parameters of a comparator that are no elements of what is sorted. */
function capturedBy(module: Module, comparator: Func): readonly ValueId[] {
  const found = new Set<ValueId>();
  for (const f of module.funcs.values()) {
    const elements = new Set<ValueId>();
    walkOps(f.body, (op) => {
      if (op.kind === 'load' && 'index' in op.at) elements.add(op.results[0]);
      if (op.kind !== 'call' || op.callee !== comparator.key) return;
      comparator.params.forEach((p, k) => {
        if (!elements.has(op.args[k])) found.add(p);
      });
    });
  }
  return [...found];
}

/** An object and what it holds, but for the elements of lists. */
function withoutElements(c: MemoryClass, found: Set<MemoryClass>): void {
  if (found.has(c)) return;
  found.add(c);
  for (const [key, slot] of c.slots) if (key !== '[]') withoutElements(slot.find(), found);
}

/**
 * Stores of what is computed once and kept, where it was asked whether it is there: whichever call comes first, it is the same. At an index or
 * key, or in a field of what is compared.
 */
function keptOnce(f: Func, memory: Memory, captured: ReadonlySet<MemoryClass>): ReadonlySet<Op> {
  const made = new Map<ValueId, Op>();
  walkOps(f.body, (op) => {
    for (const r of op.results) made.set(r, op);
  });
  const isOf = (v: ValueId, c: MemoryClass): boolean => {
    const op = made.get(v);
    return op?.kind === 'load' && memory.classOf(op.ref) === c;
  };
  const isNothing = (v: ValueId): boolean => {
    const op = made.get(v);
    return op?.kind === 'const' && op.value == null;
  };
  /** Whether there was nothing in the object if the condition is this. */
  const saysMissing = (cond: ValueId, is: boolean, c: MemoryClass): boolean => {
    const op = made.get(cond);
    if (op?.kind === 'load') return !is && isOf(cond, c);
    if (op?.kind === 'foreign') {
      if (op.template[0].includes('isNaN(')) return is && isOf(op.args[0], c);
      const isAsked = op.template.some((t) => t.includes(' in ') || t.includes('.has('));
      return !is && isAsked && op.args.some((a) => memory.classOf(a) === c);
    }
    if (op?.kind !== 'scalar') return false;
    const [a, b] = op.args;
    if (op.fn === 'not') return saysMissing(a, !is, c);
    if (op.fn === 'truthy') return !is && isOf(a, c);
    if (op.fn === 'isNullish') return is && isOf(a, c);
    if (op.fn !== 'eq' && op.fn !== 'ne') return false;
    const isAsked = (isOf(a, c) && isNothing(b)) || (isOf(b, c) && isNothing(a));
    return isAsked && is === (op.fn === 'eq');
  };
  const kept = new Set<Op>();
  const visit = (region: Region, known: readonly (readonly [cond: ValueId, is: boolean])[]): void => {
    let here = known;
    for (const op of region.ops) {
      if (op.kind === 'if') {
        visit(op.then, [...here, [op.cond, true]]);
        visit(op.else, [...here, [op.cond, false]]);
        if (op.then.end.kind !== 'yield') here = [...here, [op.cond, false]];
        if (op.else.end.kind !== 'yield') here = [...here, [op.cond, true]];
      } else for (const r of opRegions(op)) visit(r, here);
      if (op.kind !== 'store') continue;
      const c = memory.classOf(op.ref);
      const isPlaced = 'index' in op.at ? made.get(op.at.index)?.kind !== 'const' : !captured.has(c);
      if (isPlaced && here.some(([cond, is]) => saysMissing(cond, is, c))) kept.add(op);
    }
  };
  visit(f.body, []);
  return kept;
}
