/**
 * **Question**: what of objects that may be frozen, sealed or kept from getting members? JavaScript throws a `TypeError` at a write to
 * such an object. Where the program freezes objects of a kind, the generated code freezes them too, and asks before each write to an
 * object of that kind; `3-simplify/frozen.ts` drops both where no write can meet such an object.
 */
import { freezesObjects } from '../host/freezes.js';
import type { ts } from '../host/ts.js';
import {
  BOOLEAN,
  type ForeignOp,
  OPAQUE,
  type RecordType,
  type ResizeOp,
  type StoreOp,
  type ValueId,
} from '../ir/nodes.js';
import { CELL, isHiddenField, isRemade, nameOfKey, refType } from '../ir/types.js';
import { irVal, lengthOf } from './args.js';
import type { FunctionContext } from './context.js';
import { raise } from './try.js';

type Write = StoreOp | ResizeOp;
/** What is asked of a write: where it goes. */
type Target = StoreOp | Pick<ResizeOp, 'kind' | 'ref'>;

/** `Object.freeze(id)` and its like. */
export function freeze(cx: FunctionContext, how: string, id: ValueId, node: ts.CallExpression): void {
  const t = refType(cx.type(id));
  cx.unfinished.delete(id);
  if (!t || isRemade(t)) return;
  const isTyped = t.kind === 'array' && t.storage !== 'plain' && t.storage !== 'keyed';
  cx.state.inference.noteFrozen(t);
  // the elements of a typed array cannot be frozen: JavaScript throws
  if (isTyped) cx.foreign([`Object.${how}(`, ')'], [id], OPAQUE, false, node, 'reads', true);
  else emitForeign(cx, [`Object.${how}(`, ')'], [id], 'freezes', node);
}

/** Emits what throws a `TypeError` where an object does not take the write that comes; whether it may be such an object. */
export function checkWritable(cx: FunctionContext, write: Write, node: ts.Node): boolean {
  if (!mayRefuseWrites(cx, write)) return false;
  const refuses = emitForeign(cx, ...question(cx, write, node), 'asks', node);
  const fails = (): undefined => {
    raise(cx, irVal(cx.foreign(...writeError(write), OPAQUE, true, node, 'reads')), node, true);
    return undefined;
  };
  cx.branch(refuses, fails, () => undefined, node);
  return true;
}

/** Throws where a list does not take the length that it has: methods set it even where they add and remove nothing. */
export function checkLength(cx: FunctionContext, ref: ValueId, node: ts.Node): void {
  if (!mayRefuseWrites(cx, { kind: 'resize', ref })) return;
  const length = lengthOf(cx, ref, node);
  checkWritable(cx, { kind: 'resize', ref, length, results: [], span: cx.span(node) }, node);
}

/** JavaScript that makes the error. */
function writeError(write: Write): [template: readonly string[], args: readonly ValueId[]] {
  if (write.kind === 'resize')
    return [['new TypeError("Cannot delete elements of an object that is frozen or sealed")'], []];
  const [before, after] = ['Cannot assign to property ', ' of an object that is frozen, or gets no more'];
  if ('key' in write.at)
    return [[`new TypeError(${JSON.stringify(`${before}'${nameOfKey(write.at.key)}'${after}`)})`], []];
  return [[`new TypeError(\`${before}'\${`, `}'${after}\`)`], [write.at.index]];
}

/** Objects of this kind are frozen somewhere in the differentiated code; or it may come from outside, and something would catch it. */
function mayRefuseWrites(cx: FunctionContext, write: Target): boolean {
  const { ref } = write;
  const t = refType(cx.type(ref));
  if (!t || isRemade(t) || cx.unfinished.has(ref) || (cx.isLibrary && cx.own.has(ref))) return false;
  if (t.kind === 'array' && t.storage !== 'plain' && !(t.storage === 'keyed' && t.ctor === 'Object'))
    return false;
  if (t.kind === 'record' && isOwnAffair(write, t)) return false;
  if (cx.state.inference.mayBeFrozen(t)) return true;
  return cx.catches && t.site === undefined && !cx.own.has(ref) && freezesObjects(cx.host);
}
/** Fields of the compiler and private ones take writes whatever is frozen. */
const isOwnAffair = (write: Target, t: RecordType): boolean =>
  t.functions !== undefined ||
  (write.kind === 'store' && 'key' in write.at && (write.at.key === CELL || isHiddenField(write.at.key, t)));

const keyOfWrite = (cx: FunctionContext, { at }: StoreOp, node: ts.Node): ValueId =>
  'key' in at ? cx.constant(nameOfKey(at.key), node) : at.index;

/** JavaScript that tells whether an object does not take a write. */
function question(
  cx: FunctionContext,
  write: Write,
  node: ts.Node,
): readonly [template: readonly string[], args: readonly ValueId[]] {
  const { ref } = write;
  const member = 'Object.getOwnPropertyDescriptor(';
  if (write.kind === 'store')
    return [
      [`!(${member}`, ', ', ')?.writable ?? Object.isExtensible(', '))'],
      [ref, keyOfWrite(cx, write, node), ref],
    ];
  if (write.how === 'delete')
    return [
      [member, ', ', ')?.configurable === false'],
      [ref, write.length],
    ];
  return [
    [`${member}`, `, "length")?.writable === false || ${member}`, ', ', ')?.configurable === false'],
    [ref, ref, write.length],
  ];
}

function emitForeign(
  cx: FunctionContext,
  template: readonly string[],
  args: readonly ValueId[],
  frozen: 'freezes' | 'asks',
  node: ts.Node,
): ValueId {
  const id = cx.fresh(frozen === 'asks' ? BOOLEAN : OPAQUE, node);
  const isCaught = frozen === 'asks' && cx.catches ? { isCaught: true as const } : {};
  const op: ForeignOp = {
    kind: 'foreign',
    template: [template[0], ...template.slice(1)],
    args,
    pure: false,
    role: 'reads',
    frozen,
    ...isCaught,
    results: [id],
    span: cx.span(node),
  };
  cx.emit(op);
  return id;
}
