/** Check mode: what is asserted of a pair of sweeps when dead reverse code is gone. */
import type { ValueId } from '../ir/nodes.js';
import { assertFinite } from './assert-finite.js';
import { askedBlocks, traceFirmly, traceOnly } from './assert-path.js';
import { assertKnown } from './assert-shadows.js';
import type { Unrecorded } from './derivation.js';

export function withAssertions(u: Unrecorded, checks: ValueId): Unrecorded {
  const { body } = u.forward;
  const ops = traceOnly(askedBlocks(u.reverse), body.ops);
  return {
    ...u,
    forward: { ...u.forward, body: { ...body, ops } },
    reverse: assertKnown(assertFinite(traceFirmly(u.reverse), u.named, checks), u.known, checks),
  };
}
