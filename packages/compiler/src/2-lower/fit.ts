/** Whether a slot can take a value: by its type, or because the program says that the value is not missing (`queue.shift()!`). */

import type { ts } from '../host/ts.js';
import type { Type, ValueId } from '../ir/nodes.js';
import { makesFunctions } from '../ir/type-questions.js';
import { refType } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { refuseAtRunTime } from './try.js';

/**
 * The value as a slot of `ref` takes it; `key` is nothing for an element. One that may be missing where the slot's type has no
 * place for that is asked for at run time, with a `TypeError`. Nothing if the types do not agree.
 */
export function fitting(
  cx: FunctionContext,
  ref: ValueId,
  key: string | undefined,
  value: ValueId,
  node: ts.Node,
): ValueId | undefined {
  const of = refType(cx.type(ref));
  if (!of) return undefined;
  const takes = (t: Type): boolean => cx.state.inference.store(of, key, t);
  const type = cx.type(value);
  if (key !== undefined && makesFunctions(type) && cx.state.inference.isGained(key))
    cx.refuse(
      'AD4003',
      node,
      `a function is put here under \`${key}\` into what may be an object from outside, where others would see it`,
      `make a new object with it: { ...object, ${key}: ... }`,
    );
  if (takes(type)) return value;
  if (type.kind !== 'maybe' || !takes(type.of)) return undefined;
  const name = cx.values.get(value).name;
  const message = `${name === undefined ? 'a value' : `\`${name}\``} is missing, and is stored where its type does not allow that`;
  cx.branch(
    cx.scalar('isNullish', [value], node),
    () => refuseAtRunTime(cx, message, node),
    () => undefined,
    node,
  );
  return cx.present(value, node);
}
