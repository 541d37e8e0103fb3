/**
 * **Question**: may both halves of a called function run where its forward half is called? **Guarantees**: as for the trips of a
 * loop (`certificate.ts`), of which a call is one: its cotangents are known before it, its reverse half changes shadows only,
 * and moves across what neither reads nor writes what it changes, and does not change what it reads. **Method**: joint reversal of
 * calls (Griewank, Walther 2008, section 12.2), with the cotangent known before the call: nothing is recorded.
 */
import type { Unrecorded } from '../5-differentiate/derivation.js';
import type { CallOp, Func, Op, Region, Span, ValueId } from '../ir/nodes.js';
import { walkOps } from '../ir/visit.js';
import { type Apart, isOfReverse, objectionToMemory, roleIn, type SlotRole } from './certificate.js';
import type { Plan } from './record.js';
import { regionOf } from './touches.js';

/** The functions with two halves. */
export class Halves {
  /** By the keys by which each is called. */
  private readonly keys: ReadonlyMap<string, Unrecorded>;

  constructor(list: readonly Unrecorded[]) {
    this.keys = new Map(
      list.flatMap((u) => [u, ...both(u)]).flatMap((u) => keysOf(u).map((key) => [key, u] as const)),
    );
  }

  /** The pair of sweeps of the function that is called by that key: a half, or both. */
  named(key: string): Unrecorded | undefined {
    return this.keys.get(key);
  }
  /** The halves, and what is both of them, each as a function. */
  functions(): Func[] {
    const half = (f: Func, key: string, ops: readonly Op[]): Func => ({
      ...f,
      key,
      body: { ...f.body, ops },
    });
    return [...this.keys].map(([key, { forward, split, reverse }]) => {
      if (key === split?.key) return half(forward, key, reverse);
      return split ? forward : half(forward, key, [...forward.body.ops, ...reverse]);
    });
  }

  /** Whether a call in a reverse sweep is that of the other half. */
  belongs(reversed: CallOp, call: CallOp): boolean {
    const { mirrored } = reversed;
    return (
      this.named(reversed.callee)?.forward.key === call.callee &&
      mirrored !== undefined &&
      isSame(mirrored.args, call.args) &&
      isSame(mirrored.results, call.results)
    );
  }

  /** Whether a reverse half, with all that it calls, consists of what may run in another order. */
  readonly isPlain = (reverseKey: string): boolean => {
    const seen = new Set([reverseKey]);
    // what is called is looked at in turn
    const called = (key: string): boolean => seen.add(key).has(key);
    for (const key of seen) {
      const u = this.named(key);
      if (u?.forward.body.end.kind !== 'yield' || u.checks !== undefined) return false;
      let is = true;
      walkOps(regionOf(u.reverse), (op) => {
        is &&= isOfReverse(op, called);
      });
      if (!is) return false;
    }
    return true;
  };
}

/** Both halves as one function: it gives its results and, for cotangents of those, the cotangents of its arguments. */
function both(u: Unrecorded): Unrecorded[] {
  return u.split ? [{ ...u, forward: { ...u.forward, key: u.split.atOnce }, split: undefined }] : [];
}
const keysOf = ({ forward, split }: Unrecorded): string[] => [forward.key, ...(split ? [split.key] : [])];

const isSame = (a: readonly ValueId[], b: readonly ValueId[]): boolean =>
  a.length === b.length && a.every((v, k) => v === b[k]);

export interface CallCertificate {
  readonly callee: string;
  readonly slots: ReadonlyMap<string, SlotRole>;
}
/** What became of a call of a function with two halves. */
export interface CallReport {
  /** The reverse half, and the function. */
  readonly callee: string;
  readonly of: string;
  readonly span: Span | undefined;
  readonly outcome: CallAtOnce | { readonly kind: 'apart'; readonly reason: string };
}
export interface CallAtOnce {
  readonly kind: 'at once';
  readonly certificate: CallCertificate;
  /** What is wrong with a certificate for this call. */
  readonly objectionTo: (claims: CallCertificate) => string | undefined;
}

export interface CallScene extends Apart {
  readonly reversed: CallOp;
  readonly isPlain: (reverseKey: string) => boolean;
}

/** What each slot seems to be, and what is wrong with that. */
export function certifyCall(scene: CallScene): CallAtOnce | string {
  const { reversed } = scene;
  const touched = scene.touches.of([reversed]);
  const slots = new Map([...touched].map(([slot, done]) => [slot, roleIn(slot, done, scene) ?? 'own']));
  const certificate = { callee: reversed.callee, slots };
  const objectionTo = (claims: CallCertificate) => objectionToCall(claims, scene);
  return objectionTo(certificate) ?? { kind: 'at once', certificate, objectionTo };
}

function objectionToCall({ callee, slots }: CallCertificate, scene: CallScene): string | undefined {
  const { reversed, isPlain, touches } = scene;
  if (reversed.callee !== callee) return 'the certificate is of another call';
  if (!isPlain(callee)) return 'its reverse needs more than arithmetic';
  return objectionToMemory(slots, touches.of([reversed]), scene, { inOrder: () => 'is shared with others' });
}

/** The calls of a region that stand in no loop. */
export const callsOf = (region: Region): CallOp[] => region.ops.flatMap(callsIn);
const callsIn = (op: Op): CallOp[] => {
  if (op.kind === 'call') return [op];
  if (op.kind === 'if') return [op.then, op.else].flatMap(callsOf);
  return op.kind === 'block' ? callsOf(op.body) : [];
};

/** Checks all certificates once more, as the verifier does. */
export function assertCertified({ loops, calls }: Plan): void {
  for (const { label, outcome } of loops) {
    const objection = outcome.kind === 'fused' ? outcome.objectionTo(outcome.certificate) : undefined;
    if (objection !== undefined) throw new Error(`loop L${label} is fused, but ${objection}`);
  }
  for (const { callee, outcome } of calls) {
    const objection = outcome.kind === 'at once' ? outcome.objectionTo(outcome.certificate) : undefined;
    if (objection !== undefined)
      throw new Error(`the halves of ${callee} are called at once, but ${objection}`);
  }
}
