/**
 * Two access paths to one object, where that memory is written: refused when the function is entered (LANGUAGE.md R2).
 * Paths start at the arguments, at captured variables, and at variables of modules.
 */
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import { visitTypedClasses } from '../3-simplify/typed-classes.js';
import type { ArrayType, Func, Module, OuterOp, RecordType, Type, ValueId } from '../ir/nodes.js';
import { isMixed, isRef, refType } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import type { Builder } from './builder.js';

interface Subject {
  readonly module: Module;
  readonly memory: Memory;
  readonly entry: Func;
  /** Whether the expression of a module-level variable reads a copy that nobody else holds. */
  readonly isCopy: (text: string) => boolean;
}
/** A class that a path reaches, with the type by which it does. */
interface Reached {
  readonly of: MemoryClass;
  readonly type: ArrayType | RecordType;
}

/** Emits the check, if there are paths that may meet. */
export function checkPaths(b: Builder, subject: Subject): void {
  const { module, memory, entry } = subject;
  const typeOf = (v: ValueId): Type => module.values.type(v);
  const written = (v: ValueId) => [...memory.reachable(memory.classOf(v))].some((c) => c.changed.size > 0);
  const nested = (v: ValueId) => {
    const t = refType(typeOf(v));
    return t !== undefined && (t.kind === 'array' ? isRef(t.elem) : t.fields.some((f) => isRef(f.type)));
  };
  const params = entry.params.filter((p) => isRef(typeOf(p)));
  const outers = [...meetingOuters(subject, params), ...(params.some(written) ? mixedOuters(subject) : [])];
  const mixed = params.some(written) ? entry.params.filter((p) => isMixed(typeOf(p))) : [];
  const paramsMeet = params.some(written) && (params.length + mixed.length > 1 || params.some(nested));
  if (!paramsMeet && outers.length === 0) return;
  const name = (p: ValueId) => module.values.get(p).name ?? 'argument';
  const own = [
    ...params.map((value) => ({
      value,
      name: name(value),
      written: written(value),
      kept: written(value) ? keptFields(subject, value, params) : [],
    })),
    ...mixed.map((value) => ({ value, name: name(value), written: false, kept: [] })),
  ];
  const others = outers.map((outer) => {
    const [known] = outer.results;
    const own = module.values.get(known).name;
    const value = module.values.fresh({ type: typeOf(known), ...(own === undefined ? {} : { name: own }) });
    b.emit({ ...outer, results: [value] });
    // a part of a table has no name but its place
    return {
      value,
      name: own ?? placeText(outer.text),
      written: isRef(typeOf(known)) && written(known),
      kept: [],
    };
  });
  b.emit({
    kind: 'runtime',
    name: 'checkDistinct',
    args: [],
    literals: [],
    effect: 'effect',
    results: [],
    entries: [...own, ...others],
  });
}

/**
 * Fields below which nothing is written, of an object of which other parts are, where another argument may be what they hold:
 * `this.step(this.weights)` of an object that counts its steps.
 */
function keptFields({ module, memory }: Subject, v: ValueId, params: readonly ValueId[]): string[] {
  const typeOf = (p: ValueId) => refType(module.values.type(p));
  const t = typeOf(v);
  if (t?.kind !== 'record' || t.tuple) return [];
  const shapes = new Set(params.flatMap((p) => (p === v ? [] : [shapeOf(typeOf(p)!)])));
  const isKept = ({ key, type }: RecordType['fields'][number]): boolean => {
    const of = refType(type);
    if (!of || !isRef(type) || !shapes.has(shapeOf(of))) return false;
    const classes = memory.reachable(memory.slot(memory.classOf(v), key));
    return [...classes].every((c) => c.changed.size === 0);
  };
  return t.fields.filter(isKept).map((f) => f.key);
}

function mixedOuters({ module, isCopy }: Subject): OuterOp[] {
  const outers = new Map<string, OuterOp>();
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'outer' && isMixed(module.values.type(op.results[0])) && !isCopy(op.text))
        outers.set(op.text, op);
    });
  return [...outers.values()];
}

/** Variables of modules whose objects may be reached by another path too, and may be written. */
function meetingOuters({ module, memory, isCopy }: Subject, params: readonly ValueId[]): OuterOp[] {
  const outers = new Map<string, OuterOp>();
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'outer' || !isRef(module.values.type(op.results[0])) || isCopy(op.text)) return;
      if (!outers.has(op.text)) outers.set(op.text, op);
    });
  const reached = (v: ValueId): Reached[] => {
    const list: Reached[] = [];
    const note = (of: MemoryClass, type: ArrayType | RecordType) => list.push({ of, type });
    visitTypedClasses(memory, memory.classOf(v), module.values.type(v), note);
    return list;
  };
  const own = params.map(reached);
  const all = [...outers.values()].map((outer) => ({ outer, paths: reached(outer.results[0]) }));
  const clashing = all.filter(({ paths }) =>
    [...own, ...all.map((o) => o.paths)].some((others) =>
      paths.some((x) => others.some((y) => mayClash(x, y) || mayClash(y, x))),
    ),
  );
  return clashing.map(({ outer }) => outer);
}

/** Whether what is written through the one may be read through the other, unknown to the analysis of memory. */
function mayClash(a: Reached, b: Reached): boolean {
  if (a.of === b.of || a.of.changed.size === 0 || shapeOf(a.type) !== shapeOf(b.type)) return false;
  const { type } = b;
  return type.kind === 'array' || a.type.kind === 'array' || type.fields.some((f) => a.of.changed.has(f.key));
}
/** Objects of different shapes are different objects. */
function shapeOf(t: ArrayType | RecordType): string {
  if (t.kind === 'record') return t.tuple ? 'array' : 'record';
  if (t.storage === 'keyed') return t.ctor === 'Map' || t.ctor === 'Set' ? t.ctor : 'record';
  return t.storage === 'plain' ? 'array' : 'typed';
}

/** The expression of a part of a table as the user would write it. */
const placeText = (text: string): string =>
  text
    .replace(/\(([\w$.]+(?:\(\))?) as any\)/, '$1')
    .replace(/\badjoint_get_(\w+)\(\)/, '$1')
    .replace(/\["([A-Za-z_$][\w$]*)"\]/g, '.$1');
