/**
 * Methods, functions and accessors of an object that a literal outside of the differentiated code makes: `const solver = { k: 2,
 * step(x) { ... }, get twice() { ... } }`. The literal says which function a call reaches, as long as nothing in the program
 * assigns to a member of that name.
 */
import { isMemberAssigned } from '../host/member-writes.js';
import { functionOfMember } from '../host/receivers.js';
import {
  constantInitializer,
  type FunctionNode,
  skipWrappers,
  typeOfLiteral,
  withoutFreeze,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import type { FunctionContext } from './context.js';
import type { Val } from './shapes.js';

type MemberKind = 'get' | 'set' | 'value';

/** The literal whose one object a `const` variable outside of the differentiated code holds. */
export function literalOf(host: Host, d: ts.Declaration | undefined): ts.ObjectLiteralExpression | undefined {
  const init = constantInitializer(host.ts, d);
  const e = init && withoutFreeze(host, init);
  return e && host.ts.isObjectLiteralExpression(e) ? e : undefined;
}

/** A function of the object: a method, an arrow function, a function by its name, or an accessor. */
export function literalFunction(
  cx: FunctionContext,
  of: Val,
  name: string,
  kind: MemberKind,
): FunctionNode | undefined {
  const member = memberOf(cx, of, name, kind);
  if (!member) return undefined;
  const f = functionOfMember(cx.state.hostOf(member), member);
  // what it captures of a function around the marker call is not at hand
  return f && cx.state.scopesOf(f).captured(f).size === 0 ? f : undefined;
}

/** The names of its accessors. */
export function literalAccessors(ts: FunctionContext['ts'], of: Val): readonly string[] {
  if (of.kind !== 'ir' || !of.literal) return [];
  return of.literal.properties.flatMap((p) =>
    ts.isAccessor(p) && ts.isIdentifier(p.name) ? [p.name.text] : [],
  );
}

/** The literal that a field of the object holds, as a value that is `id`. */
export function literalField(cx: FunctionContext, of: Val, name: string, value: Val): Val {
  const member = memberOf(cx, of, name, 'value');
  if (!member || !cx.ts.isPropertyAssignment(member) || value.kind !== 'ir') return value;
  const init = skipWrappers(cx.ts, member.initializer);
  return cx.ts.isObjectLiteralExpression(init) ? { ...value, literal: init } : value;
}

function memberOf(
  cx: FunctionContext,
  of: Val,
  name: string,
  kind: MemberKind,
): ts.ObjectLiteralElementLike | undefined {
  if (of.kind !== 'ir' || !of.literal) return undefined;
  const { ts } = cx;
  const isIt = (p: ts.ObjectLiteralElementLike): boolean =>
    p.name !== undefined &&
    (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name)) &&
    p.name.text === name &&
    (kind === 'get' ? ts.isGetAccessor(p) : kind === 'set' ? ts.isSetAccessor(p) : !ts.isAccessor(p));
  const { properties } = of.literal;
  const at = properties.findIndex(isIt);
  // what is spread behind it, or has a computed name, may take its place
  const isHidden = properties
    .slice(at + 1)
    .some((p) => ts.isSpreadAssignment(p) || (p.name !== undefined && ts.isComputedPropertyName(p.name)));
  if (at < 0 || isHidden) return undefined;
  const host = cx.state.hostOf(of.literal);
  const isAssigned = kind === 'value' && isMemberAssigned(host, typeOfLiteral(host, of.literal), name);
  return isAssigned ? undefined : properties[at];
}
