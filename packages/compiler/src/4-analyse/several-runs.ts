/**
 * **Question**: what must be put back between the runs by which a matrix is made, so that they are runs of one and the same
 * function? **Guarantees**: the objects outside whose contents a run changes; a diagnostic (AD5005) at what cannot be repeated:
 * random numbers, what a function from outside gives. **Method**: stores to what is reachable from outside.
 */
import { analyseMemory } from '../3-simplify/memory.js';
import { type Diagnostics, type Place, placeOfSpan } from '../diagnostics/diagnostic.js';
import type { MarkerName } from '../host/marker.js';
import type { ForeignOp, Op, ValueId } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';
import { mayHoldNumbers } from './check-flow.js';
import type { Lifted } from './outer-objects.js';

/** Markers that run the function once for each number of an argument. */
const SEVERAL_RUNS: ReadonlySet<MarkerName> = new Set<MarkerName>([
  'hessian',
  'jacfwd',
  'jacobian',
  'sparseJacobian',
  'sparseHessian',
]);
export const runsSeveralTimes = (marker: MarkerName): boolean => SEVERAL_RUNS.has(marker);

interface Reporting {
  readonly marker: MarkerName;
  readonly diagnostics: Diagnostics;
  readonly request: Place & { readonly message: string };
}

/** The expressions of the objects that a run changes; what differs from run to run is reported. */
export function stateOfRuns(lowered: Lifted, { marker, diagnostics, request }: Reporting): readonly string[] {
  const { module, entry, captured } = lowered;
  const memory = analyseMemory(module, entry);
  const refuse = (op: Op, what: string, help: string): void => {
    const message = `\`${marker}\` runs the function several times, and ${what}`;
    if (op.span) diagnostics.report('AD5005', placeOfSpan(op.span), [request], message, help);
  };
  const isWritten = (v: ValueId): boolean =>
    isRef(module.values.type(v)) && [...memory.reachable(memory.classOf(v))].some((c) => c.written.size > 0);
  const changed = new Set(captured.filter((_, k) => isWritten(entry.params[k])));
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'outer' && isWritten(op.results[0])) changed.add(op.text);
      const what = op.kind === 'foreign' && mayHoldNumbers(module.values.type(op.results[0])) && ownIn(op);
      if (what) refuse(op, what, `${RUN_ONCE}, or pass what is drawn as an argument`);
    });
  return [...changed];
}
const RUN_ONCE = 'use `hvp`, `jacrev` or `vjp`, which run it once';

/** Methods of what the language offers, which give the same again. */
const LANGUAGE: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(String.prototype),
  ...Object.getOwnPropertyNames(Date.prototype),
]);

/** What may be another number in each run. Clocks are left alone: they are read for logs. */
function ownIn({ template, args, role }: ForeignOp): string | undefined {
  if (template[0].includes('Math.random(')) return 'each of them draws other random numbers';
  if (role === 'calls') return 'this function from outside may give each of them another number';
  if (role !== 'unknown') return undefined;
  const method = args.length > 0 ? /^\)\.(\w+)\(/.exec(template[1])?.[1] : template[0];
  if (method === undefined || LANGUAGE.has(method)) return undefined;
  return 'this code without source may give each of them another number';
}
