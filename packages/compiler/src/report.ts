/**
 * What the derivatives of a file store and why, how many bytes that takes, and which loops and calls need nothing stored: for users who
 * wonder where memory goes, and for tests, which hold the compiler to it.
 */
import type { CarriedRole, SlotRole } from './6-record/certificate.js';
import type { Home } from './6-record/places.js';
import type { Obstacle, Reason } from './6-record/reasons.js';
import type { Plan } from './6-record/record.js';
import { type Place, placeOfSpan } from './diagnostics/diagnostic.js';
import type { LoopOp, Span, ValueId, ValueTable } from './ir/nodes.js';
import { isRef } from './ir/types.js';

/** Of one marker call, and one of the functions that it became. */
export interface DerivativeReport {
  readonly marker: Place;
  /** The emitted functions of this derivative that have something to store, to fuse or to call. */
  readonly functions: readonly FunctionReport[];
}
export interface FunctionReport {
  /** The pair of halves, or the entry. */
  readonly name: string;
  readonly records: readonly RecordReport[];
  readonly loops: readonly LoopDecision[];
  readonly calls: readonly CallDecision[];
}
/** What is pushed at once. Bytes: 8 for each number, times the trips of all of the loops around; references are counted apart. */
export interface RecordReport {
  /** The loops around, from the outermost, whose trips multiply; none where a call of the function pushes it. */
  readonly loops: readonly (Place | undefined)[];
  readonly values: readonly StoredValue[];
}
export interface StoredValue {
  /** The user's name for it. */
  readonly name: string | undefined;
  readonly isReference: boolean;
  /** Where it is computed. */
  readonly at: Place | undefined;
  /** Where its reverse reads it. */
  readonly readBy: Place | undefined;
  /** The name of what is computed again with it, if that is what reads it. */
  readonly computes: string | undefined;
  /** Why it is not computed again itself. */
  readonly why: string;
}
export interface LoopDecision {
  readonly at: Place | undefined;
  /** Whether its adjoint runs in the same trips; if not, why. */
  readonly fused: true | string;
  /** Of a fused loop: what each cotangent that goes through it is, and each slot of memory that its reverse touches. */
  readonly certificate?: { readonly carried: readonly CarriedRole[]; readonly slots: readonly SlotClaim[] };
}
export interface SlotClaim {
  readonly slot: string;
  readonly role: SlotRole;
}
export interface CallDecision {
  readonly at: Place | undefined;
  readonly callee: string;
  /** Whether both halves run in the call; if not, why. */
  readonly atOnce: true | string;
}

const WHY: Readonly<Record<Obstacle, string>> = {
  argument: 'the caller may have it no more',
  carried: 'it goes from trip to trip',
  object: 'it is an object',
  called: 'a function gives it',
  overwritten: 'what it was read from is written later',
  outside: 'what gives it is run once',
  missing: 'it tells what is missing from NaN',
  branch: 'it comes from a branch that is not run again',
  dearer: 'computing it again costs more',
  'not asked for': 'nothing is computed again',
};

const placeOf = (span: Span | undefined): Place | undefined => span && placeOfSpan(span);

/** In terms of the source; functions in which nothing was decided are left out. */
export function reportOf(
  plans: ReadonlyMap<string, Plan>,
  marker: Place,
  values: ValueTable,
): DerivativeReport {
  const functions = [...plans].map(([key, plan]) => ofFunction(key, plan, values));
  return {
    marker,
    functions: functions.filter((f) => f.records.length + f.loops.length + f.calls.length > 0),
  };
}

function ofFunction(name: string, plan: Plan, values: ValueTable): FunctionReport {
  return {
    name,
    records: [...plan.records].map(([home, record]) => ofRecord(home, record, plan, values)),
    loops: plan.loops.map(({ span, outcome: o }) => ({
      at: placeOf(span),
      fused: o.kind === 'fused' ? true : o.reason,
      ...(o.kind === 'fused' && {
        certificate: {
          carried: o.certificate.carried,
          slots: [...o.certificate.slots].map(([slot, role]) => ({ slot: o.label(slot), role })),
        },
      }),
    })),
    calls: plan.calls.map(({ span, of, outcome: o }) => ({
      at: placeOf(span),
      callee: of,
      atOnce: o.kind === 'at once' ? true : o.reason,
    })),
  };
}

function ofRecord(home: Home, record: readonly ValueId[], plan: Plan, values: ValueTable): RecordReport {
  const loops: readonly LoopOp[] = plan.around.get(home) ?? [];
  return {
    loops: loops.map((l) => placeOf(l.span)),
    values: record.map((v) => ofValue(v, plan.stored.get(v), values)),
  };
}

function ofValue(v: ValueId, reason: Reason | undefined, values: ValueTable): StoredValue {
  const { name, span, type } = values.get(v);
  const used = reason?.used === undefined ? undefined : values.get(reason.used);
  return {
    name,
    isReference: isRef(type),
    at: placeOf(span),
    readBy: placeOf(reason?.readBy?.span),
    computes: used && (used.name ?? 'a value'),
    why: WHY[reason?.obstacle ?? 'not asked for'],
  };
}

/** As lines of text; `at` says where a place is. */
export function printReport({ functions }: DerivativeReport, at: (place: Place) => string): string[] {
  const where = (place: Place | undefined): string => (place ? at(place) : 'made by the compiler');
  return functions.flatMap((f) => [
    `${f.name}: ${tapeOf(f, where)}`,
    ...f.records.flatMap((r) => r.values.map((v) => `  stores ${textOf(v, where)}`)),
    ...f.loops.map(
      (l) => `  loop (${where(l.at)}): ${l.fused === true ? fusedText(l) : `not fused: ${l.fused}`}`,
    ),
    ...f.calls.map(
      (c) =>
        `  call of ${c.callee} (${where(c.at)}): ${c.atOnce === true ? 'both halves at once' : c.atOnce}`,
    ),
  ]);
}

/** The formula of the bytes, in which `trips(...)` is the number of trips of the loop there. */
function tapeOf({ records }: FunctionReport, where: (place: Place | undefined) => string): string {
  const of = (count: (r: RecordReport) => number, one: string): string[] => {
    const terms = records.flatMap((r) => {
      const n = count(r);
      return n === 0 ? [] : [[n, ...r.loops.map((l) => `trips(${where(l)})`)].join(' * ')];
    });
    return terms.length === 0 ? [] : [`${terms.join(' + ')} ${one}${terms.join() === '1' ? '' : 's'}`];
  };
  const references = (r: RecordReport) => r.values.filter((v) => v.isReference).length;
  const bytes = of((r) => 8 * (r.values.length - references(r)), 'byte');
  const parts = [...bytes, ...of(references, 'reference')];
  return parts.length === 0 ? 'no tape' : parts.join(', ');
}

function textOf(v: StoredValue, where: (place: Place | undefined) => string): string {
  const name = v.name === undefined ? `a value (${where(v.at)})` : `\`${v.name}\``;
  const need = v.readBy
    ? `read by the reverse of ${where(v.readBy)}`
    : v.computes
      ? `to compute ${v.computes} again`
      : 'read at the end';
  return `${name}: ${need}; ${v.why}`;
}

const fusedText = ({ certificate }: LoopDecision): string =>
  ['fused', ...(certificate?.slots ?? []).map(({ slot, role }) => `${slot} ${role}`)].join(', ');
