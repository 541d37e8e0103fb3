/**
 * Patterns. The language takes arrays in them apart by itself; typed arrays, sets and maps must be looped over by a helper,
 * so an inner pattern over one of these becomes a variable that is taken apart afterwards.
 */
import type { ts } from '../host/ts.js';
import { type Context, freshName, helper } from './context.js';
import { propertyName, rewrite } from './expressions.js';
import { isActive, mayBeNumber } from './facts.js';

/** A pattern that is bound after the one it stood in. */
export interface Later {
  readonly pattern: string;
  readonly value: string;
}

/** Whether the elements of a value must be fetched by a helper: not if it surely is an array, or has no numbers. */
function needsIteration(cx: Context, node: ts.Node): boolean {
  if (cx.host.untyped) return true;
  return typeNeedsIteration(cx, cx.host.checker.getTypeAtLocation(node));
}
function typeNeedsIteration(cx: Context, type: ts.Type): boolean {
  const { checker, ts } = cx.host;
  if (type.isUnion()) return type.types.some((t) => typeNeedsIteration(cx, t));
  if (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.Null | ts.TypeFlags.Undefined)) return false;
  if (checker.isTupleType(type))
    return checker.getTypeArguments(type as ts.TypeReference).some((t) => mayBeNumber(cx.host, t));
  if (checker.isArrayType(type))
    return checker.getTypeArguments(type as ts.TypeReference).some((t) => mayBeNumber(cx.host, t));
  return true;
}
/** An inner pattern over what is declared an array is believed. */
function innerNeedsIteration(cx: Context, node: ts.Node): boolean {
  if (cx.host.untyped) return true;
  const { checker } = cx.host;
  const visit = (t: ts.Type): boolean =>
    t.isUnion()
      ? t.types.some(visit)
      : !checker.isArrayType(t) && !checker.isTupleType(t) && typeNeedsIteration(cx, t);
  return visit(checker.getTypeAtLocation(node));
}

/** The text of a value that an array pattern, a loop or a spread goes over. */
export function iterated(cx: Context, e: ts.Expression): string {
  const text = rewrite(cx, e);
  return needsIteration(cx, e) ? helper(cx, 'iterate', text) : text;
}

/** A binding pattern; `later` gets inner patterns (and this one, if `inner`) that a helper must take apart. */
export function bindingText(
  cx: Context,
  pattern: ts.BindingName,
  later: Later[] | undefined,
  inner: boolean,
): string {
  const { ts } = cx;
  if (ts.isIdentifier(pattern)) return pattern.text;
  if (ts.isArrayBindingPattern(pattern)) {
    if (inner && later && innerNeedsIteration(cx, pattern)) {
      const name = freshName(cx, 'list');
      const rest: Later[] = [];
      const text = bindingText(cx, pattern, rest, false);
      later.push({ pattern: text, value: helper(cx, 'iterate', name) }, ...rest);
      return name;
    }
    const elements = pattern.elements.map((e) =>
      ts.isOmittedExpression(e) ? '' : elementText(cx, e, later),
    );
    return `[${elements.join(', ')}]`;
  }
  return `{ ${pattern.elements.map((e) => elementText(cx, e, later)).join(', ')} }`;
}

function elementText(cx: Context, e: ts.BindingElement, later: Later[] | undefined): string {
  const dots = e.dotDotDotToken ? '...' : '';
  const key = e.propertyName ? `${propertyName(cx, e.propertyName)}: ` : '';
  const value = e.initializer ? ` = ${rewrite(cx, e.initializer)}` : '';
  return `${dots}${key}${bindingText(cx, e.name, later, true)}${value}`;
}

/** An assignment target: `x`, `o.p`, `a[i]`, or a pattern of such. */
export function targetText(cx: Context, target: ts.Expression): string {
  const { ts } = cx;
  if (ts.isParenthesizedExpression(target) || ts.isNonNullExpression(target) || ts.isAsExpression(target))
    return targetText(cx, target.expression);
  if (ts.isBinaryExpression(target)) return `${targetText(cx, target.left)} = ${rewrite(cx, target.right)}`;
  if (ts.isSpreadElement(target)) return `...${targetText(cx, target.expression)}`;
  if (ts.isOmittedExpression(target)) return '';
  if (ts.isArrayLiteralExpression(target))
    return `[${target.elements.map((x) => targetText(cx, x)).join(', ')}]`;
  if (ts.isObjectLiteralExpression(target)) return objectTarget(cx, target);
  if (ts.isElementAccessExpression(target) && isActive(cx, target))
    return `${helper(cx, 'slot', rewrite(cx, target.expression), rewrite(cx, target.argumentExpression))}.value`;
  return rewrite(cx, target);
}

function objectTarget(cx: Context, target: ts.ObjectLiteralExpression): string {
  const { ts } = cx;
  const parts = target.properties.map((p) => {
    if (ts.isShorthandPropertyAssignment(p)) {
      const name = rewrite(cx, p.name);
      const value = p.objectAssignmentInitializer ? ` = ${rewrite(cx, p.objectAssignmentInitializer)}` : '';
      return name === p.name.text ? `${name}${value}` : `${p.name.text}: ${name}${value}`;
    }
    if (ts.isPropertyAssignment(p)) return `${propertyName(cx, p.name)}: ${targetText(cx, p.initializer)}`;
    if (ts.isSpreadAssignment(p)) return `...${targetText(cx, p.expression)}`;
    return '';
  });
  return `{ ${parts.join(', ')} }`;
}
