/**
 * Stores that complete an object which nobody has seen yet become part of its literal: what a constructor assigns, what is
 * assigned behind `{}`. The literal moves down to the first operation that uses the object for anything else.
 */
import type { Func, LiteralOp, Op, RecordType, Region, ValueTable } from '../ir/nodes.js';
import { nameOfKey, slotType } from '../ir/types.js';
import { mapRegions, mentions } from '../ir/visit.js';

export function foldInitialStores(func: Func, values: ValueTable): Func {
  return { ...func, body: region(func.body, values) };
}

function region(r: Region, values: ValueTable): Region {
  const ops: Op[] = r.ops.map((op) => mapRegions(op, (x) => region(x, values)));
  const changed = ops.map((op): Op | undefined => op);
  for (let at = 0; at < ops.length; at++) {
    const op = ops[at];
    if (op.kind !== 'literal' || op.type.kind !== 'record' || op.type.tuple) continue;
    const done = complete(op, ops, changed, at, values);
    if (done) {
      changed[at] = undefined;
      // it stands where the first other use was
      changed.splice(done.before, 0, done.literal);
      ops.splice(done.before, 0, done.literal);
    }
  }
  return { ...r, ops: changed.filter((op) => op !== undefined) };
}

function complete(
  literal: LiteralOp,
  ops: readonly Op[],
  changed: (Op | undefined)[],
  at: number,
  values: ValueTable,
): { literal: LiteralOp; before: number } | undefined {
  const ref = literal.results[0];
  const type = literal.type as RecordType;
  // by name: what is stored takes the place of a value of another kind
  const fields = new Map(
    type.fields.map((f, k) => [nameOfKey(f.key), { key: f.key, type: f.type, arg: literal.args[k] }]),
  );
  let found = false;
  let k = at + 1;
  for (; k < ops.length; k++) {
    const op = ops[k];
    if (changed[k] === undefined || !mentions(op, ref)) continue;
    if (op.kind !== 'store' || op.ref !== ref || op.value === ref || !('key' in op.at)) break;
    const { key } = op.at;
    const stored = slotType(values.type(ref), key) ?? values.type(op.value);
    fields.set(nameOfKey(key), { key, type: stored, arg: op.value });
    changed[k] = undefined;
    found = true;
  }
  if (!found) return undefined;
  const own: RecordType = { ...type, fields: [...fields.values()].map(({ key, type }) => ({ key, type })) };
  return { literal: { ...literal, type: own, args: [...fields.values()].map((f) => f.arg) }, before: k };
}
