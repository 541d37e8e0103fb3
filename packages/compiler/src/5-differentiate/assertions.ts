/** Check mode: what is asserted of a pair of sweeps when dead reverse code is gone. */
import type { ValueId, ValueTable } from '../ir/nodes.js';
import { assertFinite } from './assert-finite.js';
import { askedBlocks, traceFirmly, traceOnly } from './assert-path.js';
import { assertKnown } from './assert-shadows.js';
import type { Unrecorded } from './derivation.js';

export function withAssertions(u: Unrecorded, checks: ValueId, values: ValueTable): Unrecorded {
  const { body } = u.forward;
  const ops = traceOnly(askedBlocks(u.reverse), body.ops);
  const nameOf = (v: ValueId) => values.get(v).name;
  const finite = assertFinite(traceFirmly(u.reverse), u.named, nameOf, checks);
  return {
    ...u,
    forward: { ...u.forward, body: { ...body, ops } },
    reverse: assertKnown(finite, u.known, checks),
  };
}
