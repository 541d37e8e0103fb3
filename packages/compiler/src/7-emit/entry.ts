/** Emits the functions of one marker call: the entry with the marker's own signature, and what it calls. */
import type { EntryForm } from '../host/marker.js';
import type { Func, Module, RestoreOp, SaveOp, Span, ValueId } from '../ir/nodes.js';
import { numberSlots } from '../ir/tape.js';
import { walkOps } from '../ir/visit.js';
import { FunctionEmitter } from './function.js';
import type { Names } from './names.js';
import { typeText } from './types.js';

export interface EmitRequest {
  readonly module: Module;
  readonly entry: Func;
  readonly form: EntryForm;
  /** Entry parameters: captured ones, then arguments, then those the marker adds. */
  readonly captured: readonly ValueId[];
  readonly args: readonly ValueId[];
  readonly extra: readonly ValueId[];
  /** Argument position of each raw tangent of jvp. */
  readonly argnums: readonly number[];
  /** The positions that the user asks for; beyond `rest` they name elements of the rest parameter. */
  readonly positions: readonly number[];
  readonly rest: number | undefined;
  readonly argCount: number;
  readonly single: boolean;
  /** Vector forward mode: how many tangents there are of each argument, and of the result. */
  readonly lanes: number;
  /** Only these parts of the gradient are given. */
  readonly paths: readonly (readonly string[])[] | undefined;
  readonly entryName: string;
  /** Fresh names at the top level of the file. */
  readonly fileNames: Names;
  readonly avoid: Iterable<string>;
  readonly runtimeName: (name: string) => string;
  readonly sourceLine: (span: Span) => string | undefined;
  readonly placeOf: (span: Span) => string;
  readonly doc: readonly string[];
  readonly check: boolean;
  /** The function to hand over to, and the name of the work array. */
  readonly otherwise: string | undefined;
  readonly workArray: () => string;
}

const NO_TAPES: ReadonlySet<number> = new Set();

export function emitEntry(r: EmitRequest): string {
  const names = new Map<string, string>([[r.entry.key, r.entryName]]);
  const reachable: Func[] = [];
  const visit = (f: Func): void => {
    walkOps(f.body, (op) => {
      if (op.kind !== 'call' || names.has(op.callee)) return;
      const callee = r.module.funcs.get(op.callee);
      if (!callee) throw new Error(`the called function ${op.callee} was not generated`);
      names.set(op.callee, r.fileNames.fresh(`${r.entryName}_${op.callee}`));
      reachable.push(callee);
      visit(callee);
    });
  };
  visit(r.entry);
  const onNumbers = numberSlots(r.module);
  const tapes = tapesOfFunctions(r.module, () => true);
  const ofReferences = tapesOfFunctions(r.module, (op) => {
    const values = op.kind === 'save' ? op.args : op.results;
    return values.some((_, k) => !onNumbers(op.pair, k));
  });
  const common = {
    functionName: (key: string) => names.get(key)!,
    runtimeName: r.runtimeName,
    avoid: [...r.avoid, ...names.values()],
    tapesOf: (key: string) => tapes.get(key) ?? NO_TAPES,
    referenceTapesOf: (key: string) => ofReferences.get(key) ?? NO_TAPES,
    onNumbers,
    sourceLine: r.sourceLine,
    placeOf: r.placeOf,
    check: r.check,
    workArray: r.workArray,
  };
  const entry = new FunctionEmitter(r.module, r.entry, {
    ...common,
    callerTape: false,
    doc: r.doc,
    parameters: (name, ownName) => entryParameters(r, name, ownName),
    otherwise: (name) => `${r.otherwise}(${[...r.extra, ...r.args, ...r.captured].map(name).join(', ')})`,
    result: (texts) => entryResult(r, texts),
  });
  const out = [entry.emit(r.entryName)];
  for (const f of reachable) {
    const emitter = new FunctionEmitter(r.module, f, {
      ...common,
      callerTape: true,
      doc: [],
      result: (texts) =>
        texts.length === 0 ? undefined : texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`,
    });
    out.push(emitter.emit(names.get(f.key)!));
  }
  return out.join('\n');
}

/** The tapes that each function works on: those that it or what it calls saves such records to or restores them from. */
function tapesOfFunctions(
  module: Module,
  counts: (op: SaveOp | RestoreOp) => boolean,
): Map<string, ReadonlySet<number>> {
  const tapes = new Map<string, Set<number>>();
  for (const f of module.funcs.values()) {
    const own = new Set<number>();
    walkOps(f.body, (op) => {
      if ((op.kind === 'save' || op.kind === 'restore') && counts(op)) own.add(op.tape);
    });
    tapes.set(f.key, own);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const f of module.funcs.values()) {
      const own = tapes.get(f.key)!;
      const before = own.size;
      walkOps(f.body, (op) => {
        if (op.kind !== 'call') return;
        for (const t of tapes.get(op.callee) ?? []) if (t !== op.tape?.level) own.add(t);
      });
      changed ||= own.size > before;
    }
  }
  return tapes;
}

function entryParameters(
  r: EmitRequest,
  name: (v: ValueId) => string,
  ownName: (wish: string) => string,
): { list: string; prologue: string[] } {
  const typed = (v: ValueId) => `${name(v)}: ${typeText(r.module.values.type(v))}`;
  if (r.form === 'jvp') {
    const [primals, tangents] = [ownName('primals'), ownName('tangents')];
    const part = (k: number) => (k === r.rest ? `.slice(${k})` : `[${k}]`);
    const prologue = r.args.map((v, k) => `const ${name(v)} = ${primals}${part(k)};`);
    const count = r.argnums.length;
    r.extra.forEach((v, k) => {
      const lane = r.lanes > 1 ? `[${Math.floor(k / count)}]` : '';
      prologue.push(`const ${name(v)} = ${tangents}${lane}${part(r.argnums[k % count])};`);
    });
    return { list: [`${primals}: any`, `${tangents}: any`, ...r.captured.map(typed)].join(', '), prologue };
  }
  if (r.form === 'hvp') {
    const [x, ...rest] = r.args;
    return { list: [x, ...r.extra, ...rest, ...r.captured].map(typed).join(', '), prologue: [] };
  }
  return { list: [...r.extra, ...r.args, ...r.captured].map(typed).join(', '), prologue: [] };
}

/** The returned expression; for a pullback both parts, with a separator. */
function entryResult(r: EmitRequest, texts: readonly string[]): string | undefined {
  const gradients = (texts: readonly string[]): string => {
    const { rest } = r;
    const list = r.positions.map((p) =>
      rest !== undefined && p >= rest
        ? `(${texts[r.argnums.indexOf(rest)]})[${p - rest}]`
        : texts[r.argnums.indexOf(p)],
    );
    const one = r.paths ? `${r.runtimeName('partsOf')}(${list[0]}, ${JSON.stringify(r.paths)})` : list[0];
    return r.single ? one : `[${list.join(', ')}]`;
  };
  switch (r.form) {
    case 'grad':
      return gradients(texts);
    case 'valueAndGrad':
      return `[${texts[0]}, ${gradients(texts.slice(1))}]`;
    case 'gradInto':
    case 'hvp':
    case 'origin':
      return texts[0];
    case 'jvp':
      return r.lanes > 1 ? `[${texts[0]}, [${texts.slice(1).join(', ')}]]` : `[${texts.join(', ')}]`;
    case 'vjp': {
      const list = Array.from({ length: r.argCount }, () => 'undefined');
      r.argnums.forEach((k, i) => {
        list[k] = `${k === r.rest ? '...' : ''}${texts[texts.length - r.argnums.length + i]}`;
      });
      return `${texts.length > r.argnums.length ? texts[0] : 'undefined'}\0[${list.join(', ')}]`;
    }
  }
}
