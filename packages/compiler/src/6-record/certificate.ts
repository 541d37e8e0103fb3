/**
 * **Question**: may the adjoint of each trip of a loop run in the trip itself? **Needs**: a loop, its reverse loop, what runs
 * between the two, and a certificate that says what each cotangent and each slot of memory is to the reverse trips.
 * **Guarantees**: with a certificate in which nothing is wrong, cotangents are the same to the order of sums. The argument: the
 * reverse of trip `i` moves from behind all of the later code to the end of trip `i`. It changes shadows only, and may move across
 * what neither reads nor writes what it changes, and does not change what it reads; sums may be made in any order. What is
 * checked here is what the certificate says, whoever made it.
 */
import { regionExits } from '../ir/exits.js';
import type { AccessOp, LabelId, LoopOp, Op, Span, ValueId } from '../ir/nodes.js';
import { isAccess, walkOps } from '../ir/visit.js';
import { isSum, isUnchanged } from './carried.js';
import { type Definitions, isOwnPlace, leavesZeros } from './drains.js';
import { ANYTHING, regionOf, type SlotTouches, type Touch, type Touches } from './touches.js';

/** `seed`: the same in all trips. `sum`: each trip may add to it, and none reads it. */
export type CarriedRole = 'seed' | 'sum';
/**
 * What a slot of memory is to the reverse trips. `fresh`: of objects that the trip makes. `sum`: all add to it. `read`: nobody
 * writes it. `drained`: zero before and after each reverse trip, and nobody else's. `own`: each trip has its own place in it, which
 * nobody else touches.
 */
export type SlotRole = 'fresh' | 'sum' | 'read' | 'drained' | 'own';

export interface Certificate {
  readonly loop: LabelId;
  /** By position of what the reverse loop carries. */
  readonly carried: readonly CarriedRole[];
  readonly slots: ReadonlyMap<string, SlotRole>;
}

/** What became of a loop that has a reverse. */
export interface LoopReport {
  readonly label: LabelId;
  readonly span: Span | undefined;
  readonly outcome: FusedLoop | { readonly kind: 'apart'; readonly reason: string };
}
export interface FusedLoop {
  readonly kind: 'fused';
  readonly certificate: Certificate;
  /** What is wrong with a certificate for this loop. */
  readonly objectionTo: (claims: Certificate) => string | undefined;
  /** A slot in the words of a message. */
  readonly label: (slot: string) => string;
}

/** What stands between a part of the forward sweep and its reverse. */
export interface Apart {
  /** What may run between the two: of the forward sweep, and of the reverse sweep. */
  readonly after: readonly Op[];
  readonly before: readonly Op[];
  readonly touches: Touches;
  /** Slots of objects that something outside of the part (of one trip) can reach. */
  readonly isOutside: (slot: string) => boolean;
}
/** A loop with its reverse loop, and what stands around them. */
export interface Scene extends Apart {
  readonly loop: LoopOp;
  readonly reversed: LoopOp;
  /** For each seed: whether it is known where the loop begins. */
  readonly known: readonly boolean[];
  readonly definitions: Definitions;
  /** Whether the reverse half of a function may be called in a trip: both halves will be called at once. */
  readonly isPlain: (reverseKey: string) => boolean;
  readonly nameOf: (v: ValueId) => string | undefined;
}

/** What the reverse of a trip may consist of. */
const ALLOWED: ReadonlySet<Op['kind']> = new Set([
  'const',
  'scalar',
  'load',
  'store',
  'accum',
  'length',
  'alloc',
  'literal',
  'if',
  'loop',
  'block',
]);

/** Whether an operation may stand in what runs in another order; `isPlain`: of reverse halves that it calls. */
export const isOfReverse = (op: Op, isPlain: (reverseKey: string) => boolean): boolean =>
  ALLOWED.has(op.kind) || (op.kind === 'call' && op.mirrored !== undefined && isPlain(op.callee));

/** Why the loop must not be fused; nothing if it may. */
export function objectionTo(certificate: Certificate, scene: Scene): string | undefined {
  return objectionToTrips(certificate, scene) ?? ofMemory(certificate, scene);
}
/** The part of it that does not ask for memory. */
export function objectionToTrips(certificate: Certificate, scene: Scene): string | undefined {
  return ofControl(certificate, scene) ?? ofCarried(certificate, scene);
}

function ofControl({ loop: label }: Certificate, { loop, reversed, isPlain }: Scene): string | undefined {
  if (loop.label !== label) return 'the certificate is of another loop';
  if (regionExits(loop.body).length > 0 || loop.body.end.kind !== 'yield')
    return 'a trip of it may leave the loop';
  if (regionExits(reversed.body).length > 0 || reversed.body.end.kind !== 'yield')
    return 'its reverse may end early';
  let other: Op | undefined;
  walkOps(reversed.body, (op) => {
    if (!isOfReverse(op, isPlain)) other ??= op;
  });
  if (other?.kind === 'call') return 'its reverse calls a function';
  return (
    other && `its reverse needs more than arithmetic (${other.kind === 'runtime' ? other.name : other.kind})`
  );
}

function ofCarried({ carried }: Certificate, scene: Scene): string | undefined {
  const { reversed, known, nameOf } = scene;
  const { body } = reversed;
  const params = body.params.slice(1);
  if (carried.length !== params.length || reversed.extras.length > 0)
    return 'the certificate is of another loop';
  for (const [k, role] of carried.entries()) {
    const name = nameOf(params[k]);
    const of = name === undefined ? 'a cotangent' : `\`${name}\``;
    if (role === 'sum' && !isSum(body, params[k], k)) return `${of} is more than a sum over the trips`;
    if (role === 'sum') continue;
    if (!isUnchanged(body, params[k], k)) return `${of} changes from trip to trip`;
    if (!known[k]) return `${of} is not known before the loop`;
  }
  return undefined;
}

function ofMemory({ slots }: Certificate, scene: Scene): string | undefined {
  const { loop, reversed, touches } = scene;
  return objectionToMemory(slots, touches.of(reversed.body.ops), scene, {
    again: touches.of(loop.body.ops),
    inOrder: (role, slot) => objectionToOrder(role, slot, scene),
  });
}

/** What a slot is to a reverse, where its order among others does not matter. */
export function roleIn(slot: string, done: ReadonlySet<Touch>, { isOutside }: Apart): SlotRole | undefined {
  if (!isOutside(slot)) return 'fresh';
  if ([...done].every((t) => t === 'add')) return 'sum';
  return [...done].every((t) => t === 'read') ? 'read' : undefined;
}

/**
 * What is wrong with the roles of slots, for a reverse that touches `own`. `again`: what the forward sweep does in its other trips;
 * `inOrder`: why the roles that depend on an order do not hold.
 */
export function objectionToMemory(
  slots: ReadonlyMap<string, SlotRole>,
  own: SlotTouches,
  { touches, isOutside, after, before }: Apart,
  {
    again,
    inOrder,
  }: {
    readonly again?: SlotTouches;
    readonly inOrder: (role: SlotRole, slot: string) => string | undefined;
  },
): string | undefined {
  const where = again ? 'behind the loop' : 'behind the call';
  const others: readonly (readonly [SlotTouches, string])[] = [
    ...(again ? [[again, 'in later trips'] as const] : []),
    [touches.of(after), where],
    [touches.of(before), where],
  ];
  if (others.some(([other]) => other.has(ANYTHING)))
    return 'code that is not seen runs between it and its reverse';
  for (const [slot, done] of own) {
    const role = slots.get(slot);
    const label = touches.label(slot);
    if (role === undefined) return `nothing is known of ${label}`;
    if (role === 'fresh') {
      if (isOutside(slot)) return `${label} is not made anew in each trip`;
      continue;
    }
    const allowed: readonly Touch[] = role === 'sum' ? ['add'] : role === 'read' ? ['read'] : [];
    const isAllowed = (t: Touch) => allowed.includes(t);
    if (allowed.length > 0 && ![...done].every(isAllowed))
      return `the reverse of a trip does more with ${label}`;
    for (const [other, where] of others)
      if (![...(other.get(slot) ?? [])].every(isAllowed)) return `${label} is used ${where}`;
    const objection = allowed.length > 0 ? undefined : inOrder(role, slot);
    if (objection !== undefined) return `${label} ${objection}`;
  }
  return undefined;
}

/** Slots that reverse trips read as well as write: they must not notice each other. */
export function objectionToOrder(
  role: SlotRole,
  slot: string,
  { loop, reversed, touches, definitions }: Scene,
): string | undefined {
  if (role !== 'drained' && role !== 'own') return undefined;
  const accesses: AccessOp[] = [];
  let seen = true;
  walkOps(regionOf(reversed.body.ops), (op) => {
    if (isAccess(op)) {
      if (touches.slotOf(op) === slot) accesses.push(op);
    } else if ((op.kind === 'runtime' || op.kind === 'call') && touches.of([op]).has(slot)) seen = false;
  });
  if (!seen) return 'is read as a whole';
  if (role === 'own') return isOwnPlace(accesses, loop, definitions) ? undefined : 'is shared by the trips';
  return leavesZeros(reversed.body, accesses, definitions)
    ? undefined
    : 'may hold something from trip to trip';
}
