/** What the language itself names: `Math.PI`, `Number.EPSILON`, functions of `Math`, members of enums. */
import { implementationOf } from '../host/packages.js';
import { isMathReplaced, replacedMath } from '../host/replaced-math.js';
import { isConst, isOfNamespace, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { NUMBER } from '../ir/nodes.js';
import { isArrayClass, typedArray } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { BUILTINS } from './foreign.js';
import { lowerOutside, lowerSymbol } from './names.js';
import type { Val } from './shapes.js';

const MATH_CONSTANTS = new Set(['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2']);
const NUMBER_CONSTANTS = new Set([
  'EPSILON',
  'MAX_SAFE_INTEGER',
  'MAX_VALUE',
  'MIN_SAFE_INTEGER',
  'MIN_VALUE',
  'NaN',
  'NEGATIVE_INFINITY',
  'POSITIVE_INFINITY',
]);

/** Functions of `Math` with an entry in the table of scalar operations. */
export const MATH_FUNCTIONS: ReadonlySet<string> = new Set(
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc'.split(
    ' ',
  ),
);

/** Globals that the declarations of a platform (`@types/node`) declare again. */
const HOST_GLOBALS = new Set(['console', 'performance', 'structuredClone']);

/** Functions of the language, and its classes of arrays: what these make has a type. */
export const isBuiltin = (name: string): boolean => BUILTINS.has(name) || isArrayClass(name);

export const NUMBER_TESTS = new Set(['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']);

/** Whether an expression names the library's own global of that name. */
export function isGlobal(cx: FunctionContext, e: ts.Expression, name: string): boolean {
  if (!cx.ts.isIdentifier(e)) return false;
  const s = symbolOf(cx.host, e);
  // code of the library and of packages is read without the declarations of the language
  if (!s || (s.declarations ?? []).length === 0) return e.text === name && cx.host.untyped === true;
  const d = s?.valueDeclaration;
  if (d && cx.ts.isVariableDeclaration(d) && d.initializer && isConst(cx.ts, d)) {
    const init = skipWrappers(cx.ts, d.initializer);
    return init !== e && cx.ts.isIdentifier(init) && isGlobal(cx, init, name);
  }
  if (e.text !== name || !d) return false;
  // platforms declare more members of some of them again, as interfaces
  if (cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile())) return true;
  return HOST_GLOBALS.has(name) && (s.declarations ?? []).every((x) => x.getSourceFile().isDeclarationFile);
}

/** `Math.PI`, `Math.sin`, `Number.EPSILON`, enum members. */
export function lowerNamespaceConstant(cx: FunctionContext, e: ts.PropertyAccessExpression): Val | undefined {
  const name = e.name.text;
  if (isGlobal(cx, e.expression, 'Math')) return lowerMathMember(cx, name, e);
  if (isGlobal(cx, e.expression, 'Number') && NUMBER_CONSTANTS.has(name))
    return { kind: 'ir', id: cx.constant(Number[name as 'EPSILON'], e) };
  if (name === 'BYTES_PER_ELEMENT' && cx.ts.isIdentifier(e.expression)) {
    const { text } = e.expression;
    if (typedArray(text) && isGlobal(cx, e.expression, text))
      return { kind: 'ir', id: cx.foreign([e.getText()], [], NUMBER, true, e) };
  }
  const handed = builtinMember(cx, e);
  if (handed) return handed;
  const outside = implementationOf(cx.host, e);
  if (outside) return lowerOutside(cx, outside, e);
  const member = lowerEnumMember(cx, e);
  if (member) return member;
  const symbol = symbolOf(cx.host, e);
  // a member of an imported namespace, or a function in a record that never changes
  return symbol && isOfNamespace(cx.host, e) ? lowerSymbol(cx, symbol, e) : undefined;
}

/** `Kind.Linear`, `Kind['Linear']` */
export function lowerEnumMember(
  cx: FunctionContext,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Val | undefined {
  const name = cx.ts.isPropertyAccessExpression(e) ? e : e.argumentExpression;
  const d = symbolOf(cx.host, name)?.valueDeclaration;
  const member = d && cx.ts.isEnumMember(d) ? cx.host.checker.getConstantValue(d) : undefined;
  // `a[Kind.Linear]` is no member of the enum
  const isMember = cx.ts.isPropertyAccessExpression(e) || cx.ts.isStringLiteralLike(name);
  return member !== undefined && isMember ? { kind: 'ir', id: cx.constant(member, e) } : undefined;
}

/** `xs.filter(Number.isFinite)`, `parts.map(Number.parseFloat)`, `xs.every(Array.isArray)` */
function builtinMember(cx: FunctionContext, e: ts.PropertyAccessExpression): Val | undefined {
  const name = e.name.text;
  if (isGlobal(cx, e.expression, 'Array'))
    return name === 'isArray' ? { kind: 'builtin', name: 'Array.isArray' } : undefined;
  if (!isGlobal(cx, e.expression, 'Number')) return undefined;
  if (NUMBER_TESTS.has(name)) return { kind: 'builtin', name: `Number.${name}` };
  return name === 'parseFloat' || name === 'parseInt' ? { kind: 'builtin', name } : undefined;
}

/** `const { sin, sqrt: root } = Math;`: whether a variable takes its functions and numbers out of `Math`, each of which is declared then. */
export function declaredFromMath(
  cx: FunctionContext,
  d: ts.VariableDeclaration,
  declare: (name: ts.Identifier, v: Val) => void,
): boolean {
  const { ts } = cx;
  if (!d.initializer || !ts.isObjectBindingPattern(d.name)) return false;
  if (!isGlobal(cx, skipWrappers(ts, d.initializer), 'Math')) return false;
  for (const e of d.name.elements) {
    const from = e.propertyName ?? e.name;
    if (e.dotDotDotToken || !ts.isIdentifier(e.name) || !ts.isIdentifier(from))
      cx.refuse('AD2000', e, 'this way to take something out of `Math` is not supported', NAME_IT);
    else declare(e.name, lowerMathMember(cx, from.text, e));
  }
  return true;
}
const NAME_IT = 'name the functions: `const { sin, sqrt: root } = Math`';

export function lowerMathMember(cx: FunctionContext, name: string, node: ts.Node): Val {
  if (MATH_CONSTANTS.has(name)) return { kind: 'ir', id: cx.constant(Math[name as 'PI'], node) };
  if (MATH_FUNCTIONS.has(name) && isMathReplaced(cx.state.host, name))
    return cx.refuse('AD5004', node, ...replacedMath(name));
  if (MATH_FUNCTIONS.has(name) || name === 'random') return { kind: 'math', name };
  return cx.refuse('AD4002', node, `no derivative rule for \`Math.${name}\``);
}
