/**
 * **Question**: does an active value reach something that would lose its derivative without a word? **Guarantees**: a
 * diagnostic at the operation otherwise: encodings that come back as numbers (AD4006), writes to module-level memory (AD5005).
 */

import type { Memory } from '../3-simplify/memory.js';
import { CATALOG, type Code } from '../diagnostics/catalog.js';
import type { Diagnostics, Place } from '../diagnostics/diagnostic.js';
import type { Module, Op, Span, ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, refType } from '../ir/types.js';
import { endArgs, opArgs, opRegions, walkOps, walkRegions } from '../ir/visit.js';
import type { Activity } from './activity.js';

export interface FlowCheck {
  readonly module: Module;
  readonly memory: Memory;
  readonly activity: Activity;
  readonly diagnostics: Diagnostics;
  readonly request: Place & { readonly message: string };
}

export function checkFlow(c: FlowCheck): void {
  const report = (code: Code, span: Span | undefined, message?: string): void => {
    if (!span) return;
    const info = CATALOG[code];
    c.diagnostics.add({
      code,
      severity: info.severity,
      message: message ?? info.title,
      file: span.file,
      start: span.start,
      length: span.end - span.start,
      related: [c.request],
      help: info.help,
    });
  };
  const severed = severedValues(c);
  const activeKeys = new Set<unknown>();
  for (const f of c.module.funcs.values())
    walkOps(f.body, (op) => {
      if (
        op.kind === 'store' &&
        'index' in op.at &&
        isKeyed(c.module.values.type(op.ref)) &&
        c.activity.varied(op.at.index)
      )
        activeKeys.add(c.memory.classOf(op.ref));
    });
  for (const f of c.module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'foreign' && op.role === 'unknown') checkUnknown(c, op, report);
      if (
        op.kind === 'foreign' &&
        c.module.values.type(op.results[0]).kind === 'number' &&
        op.args.some((a) => severed.has(a))
      )
        report('AD4006', op.span);
      if (op.kind === 'foreign' && givesKeys(c, op) && activeKeys.has(c.memory.classOf(op.args[0])))
        report('AD4006', op.span, 'an active number is a key of a map, and the keys are read');
      if (op.kind === 'store' && c.memory.classOf(op.ref).outer)
        report('AD5005', op.span, 'memory of a module-level variable is written');
    });
}

/** Whether an operation gives the keys of a map as numbers. */
function givesKeys(c: FlowCheck, op: Op & { kind: 'foreign' }): boolean {
  const of = op.args.length === 1 ? refType(c.module.values.type(op.args[0])) : undefined;
  const given = refType(c.module.values.type(op.results[0]));
  return of?.kind === 'array' && isKeyed(of) && given?.kind === 'array' && given.elem.kind === 'number';
}

/** Unknown code may be given what does not depend on the arguments, and numbers if it gives nothing back. */
function checkUnknown(
  c: FlowCheck,
  op: Op & { kind: 'foreign' },
  report: (code: Code, span: Span | undefined, message?: string) => void,
): void {
  if (op.args.some((a) => c.activity.activeRef(a))) report('AD4005', op.span);
  const result = c.module.values.type(op.results[0]);
  const matters =
    result.kind === 'number' || isRef(result) || (result.kind === 'maybe' && result.of.kind !== 'opaque');
  if (matters && op.args.some((a) => c.activity.varied(a)))
    report(
      'AD4002',
      op.span,
      'an active number is passed to code without source and without a derivative rule',
    );
}

/** Values made from varied ones by an encoding, wherever they flow. */
function severedValues(c: FlowCheck): Set<ValueId> {
  const severed = new Set<ValueId>();
  const isSource = (op: Op): boolean =>
    op.kind === 'foreign' &&
    op.role !== 'reads' &&
    op.args.some((a) => c.activity.varied(a) || c.activity.activeRef(a));
  for (let changed = true; changed; ) {
    changed = false;
    const add = (v: ValueId) => {
      const kind = c.module.values.type(v).kind;
      if (!severed.has(v) && (kind === 'opaque' || kind === 'maybe')) {
        severed.add(v);
        changed = true;
      }
    };
    for (const f of c.module.funcs.values()) {
      const anyExit = new Map<number, readonly ValueId[]>();
      walkOps(f.body, (op) => {
        if (op.kind === 'loop' || op.kind === 'block') anyExit.set(op.label, op.results);
        if (op.kind === 'foreign' && (isSource(op) || op.args.some((a) => severed.has(a))))
          op.results.forEach(add);
        if (
          (op.kind === 'call' || op.kind === 'load' || op.kind === 'scalar') &&
          opArgs(op).some((a) => severed.has(a))
        )
          op.results.forEach(add);
        if (op.kind === 'store' && severed.has(op.value)) add(op.ref);
        for (const r of opRegions(op)) {
          const args = endArgs(r.end);
          op.results.forEach((v, k) => {
            if (r.end.kind === 'yield' && args[k] !== undefined && severed.has(args[k])) add(v);
          });
          r.params.forEach((p, k) => {
            if (
              op.kind === 'loop' &&
              k > 0 &&
              ((args[k - 1] !== undefined && severed.has(args[k - 1])) || severed.has(op.inits[k - 1]))
            )
              add(p);
          });
        }
      });
      walkRegions(f.body, (r) => {
        if (r.end.kind !== 'exit') return;
        const results = anyExit.get(r.end.target);
        r.end.args.forEach((a, k) => {
          if (severed.has(a) && results?.[k] !== undefined) add(results[k]);
        });
      });
    }
  }
  return severed;
}
