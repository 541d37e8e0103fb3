/** **Question**: can a list be made this long? JavaScript throws a `RangeError` where it cannot, and something may catch that. */
import type { ts } from '../host/ts.js';
import { OPAQUE, type ValueId } from '../ir/nodes.js';
import { irVal } from './args.js';
import type { FunctionContext } from './context.js';
import { raise } from './try.js';

const LONGEST_LIST = 2 ** 32 - 1;

/** Throws a `RangeError` where `n` is no length; where nothing catches it, the generated code does what JavaScript does anyway. */
export function throwUnlessLength(
  cx: FunctionContext,
  n: ValueId,
  of: 'list' | 'typed array',
  node: ts.Node,
): void {
  const known = cx.knownNumber(n);
  const isKnown = known !== undefined && Number.isInteger(known) && known >= 0 && known <= LONGEST_LIST;
  // the compiler's own library makes lists as long as others
  if (!cx.catches || isKnown || cx.isLibrary) return;
  const fails = (): undefined => {
    const error = `new RangeError("Invalid ${of === 'list' ? 'array' : 'typed array'} length`;
    const [template, args] = of === 'list' ? [[`${error}")`], []] : [[`${error}: " + `, ')'], [n]];
    raise(cx, irVal(cx.foreign(template, args, OPAQUE, true, node, 'reads')), node, true);
    return undefined;
  };
  cx.branch(of === 'list' ? isNoLength(cx, n, node) : isNegative(cx, n, node), fails, () => undefined, node);
}

const isNoLength = (cx: FunctionContext, n: ValueId, node: ts.Node): ValueId =>
  cx.scalar('not', [cx.scalar('eq', [cx.scalar('ushr', [n, cx.constant(0, node)], node), n], node)], node);

/** Fractions are cut off, and what is no number is none. */
const isNegative = (cx: FunctionContext, n: ValueId, node: ts.Node): ValueId =>
  cx.scalar(
    'or',
    [
      cx.scalar('le', [n, cx.constant(-1, node)], node),
      cx.scalar('gt', [n, cx.constant(Number.MAX_SAFE_INTEGER, node)], node),
    ],
    node,
  );
