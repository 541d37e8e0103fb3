/**
 * `gradInto` writes while the function runs: the array that the caller gives must share no memory with what the function reads.
 * That are the parts of arguments, captured variables and objects of modules that some operation names; the receiver may well
 * hold the array itself.
 */
import type { Memory } from '../3-simplify/memory.js';
import { readParts } from '../4-analyse/read-parts.js';
import type { Func, Module, OuterOp, Type, ValueId } from '../ir/nodes.js';
import { mayHoldNumbers, mayHoldView } from '../ir/type-questions.js';
import { isFlat, isMixed, refType } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import type { Builder } from './builder.js';

interface Subject {
  readonly module: Module;
  readonly memory: Memory;
  readonly entry: Func;
  readonly isCopy: (text: string) => boolean;
}

/** Emits the check that `out` is none of what is read, but for the argument `p` that it is the gradient of. */
export function checkOutApart(b: Builder, out: ValueId, p: ValueId, subject: Subject): void {
  const { module, memory, entry } = subject;
  const check = (v: ValueId): void => {
    const parts = readParts({ memory, counts: mayHoldView }, memory.classOf(v), module.values.type(v));
    if (parts !== undefined) b.runtime('checkApart', [out, v], [parts], 'effect', undefined);
  };
  for (const v of entry.params) if (v !== p) check(v);
  for (const v of outers(b, subject)) check(v);
}

/**
 * The same where the gradient is written at the end only: an optimiser that gives its parameters as `out` would not know them again.
 * `wanted`: the arguments that it is the gradient of, which count as a whole. Of others the lists of numbers do, and the object itself:
 * to go through thousands of small objects would cost more than the gradient.
 */
export function checkArgumentsApart(
  b: Builder,
  out: ValueId,
  wanted: readonly ValueId[],
  { module, memory, entry }: Subject,
): void {
  for (const v of entry.params) {
    const type = module.values.type(v);
    if (!refType(type)) continue;
    const read = () => readParts({ memory, counts: mayHoldNumbers }, memory.classOf(v), type) ?? '{}';
    b.runtime('checkApart', [out, v], [wanted.includes(v) ? 'true' : read()], 'effect', undefined);
  }
}

/** All arrays that are read beside the argument `p`; nothing if some of them are within other objects. */
export function arraysBeside(b: Builder, p: ValueId, subject: Subject): readonly ValueId[] | undefined {
  const { module, entry } = subject;
  const typeOf = (v: ValueId): Type => module.values.type(v);
  const own = entry.params.filter((v) => v !== p && (mayHoldView(typeOf(v)) || isMixed(typeOf(v))));
  const all = [...own, ...outersByText(subject).map((o) => o.results[0])];
  return all.every((v) => isFlat(typeOf(v))) ? [...own, ...outers(b, subject)] : undefined;
}

/** The objects of modules that may hold arrays, each once. */
function outersByText({ module, isCopy }: Subject): readonly OuterOp[] {
  const texts = new Map<string, OuterOp>();
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'outer' || isCopy(op.text)) return;
      const t = module.values.type(op.results[0]);
      if (mayHoldView(t) || isMixed(t)) texts.set(op.text, op);
    });
  return [...texts.values()];
}
function outers(b: Builder, subject: Subject): ValueId[] {
  const { memory, module } = subject;
  return outersByText(subject).flatMap((outer) => {
    const [known] = outer.results;
    const asked = { memory, counts: mayHoldView };
    if (readParts(asked, memory.classOf(known), module.values.type(known)) === undefined) return [];
    const value = module.values.like(known);
    memory.named(value, known);
    b.emit({ ...outer, results: [value] });
    return [value];
  });
}
