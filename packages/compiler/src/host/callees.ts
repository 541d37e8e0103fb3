/** **Question**: which functions of the program may a call run? An answer from declarations and names, for code that is looked at before it is lowered. */
import { functionOfMember } from './receivers.js';
import { boundFunction, type FunctionNode, isFunctionNode, skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

export interface Callees {
  /** The functions that have a body. */
  readonly functions: readonly ts.Node[];
  /** Whether it surely is the one of them. */
  readonly isSure?: boolean;
  /** The one class of which an instance is made. */
  readonly made?: ts.ClassLikeDeclaration;
  /** It has no source: it is of the language, or of a package with declarations only. */
  readonly isOutside?: boolean;
}
const OUTSIDE: Callees = { functions: [], isOutside: true };

export function calleesOf(host: Host, call: ts.CallExpression | ts.NewExpression): Callees {
  const { ts } = host;
  const e = skipWrappers(ts, call.expression);
  // its body stands where it is called
  if (isFunctionNode(ts, e)) return { functions: [] };
  const symbol = symbolOf(host, e);
  const bound = symbol && boundFunction(host, symbol);
  if (bound) return { functions: [bound], isSure: true };
  const declared = symbol?.declarations ?? [];
  const made = declared.find((d) => ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile);
  if (made) return { functions: [], made: made as ts.ClassLikeDeclaration };
  if (declared.length > 0 && declared.every((d) => d.getSourceFile().isDeclarationFile)) return OUTSIDE;
  const isMethod = declared.some((d) => ts.isMethodDeclaration(d) || ts.isMethodSignature(d));
  const named = isMethod && ts.isPropertyAccessExpression(e) ? functionsNamed(host).get(e.name.text) : [];
  const functions = named?.length ? named : functionsOfType(host, e);
  return { functions, isSure: functions.length === 1 && isMethod };
}
/** The functions that a call is given by their names, or may be given by the types of its arguments. */
export function handedFunctions(host: Host, call: ts.CallExpression | ts.NewExpression): readonly ts.Node[] {
  return (call.arguments ?? []).flatMap((a) => {
    const e = skipWrappers(host.ts, a);
    if (isFunctionNode(host.ts, e)) return [];
    const symbol = symbolOf(host, e);
    const bound = symbol && boundFunction(host, symbol);
    if (bound) return [bound];
    return host.checker.getTypeAtLocation(e).getCallSignatures().length > 0 ? functionsOfType(host, e) : [];
  });
}
/** All functions that an expression may be by its type. */
function functionsOfType(host: Host, e: ts.Expression): readonly ts.Node[] {
  const { checker } = host;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(e));
  return allFunctions(host).filter((f) => checker.isTypeAssignableTo(checker.getTypeAtLocation(f), type));
}
const allFunctions = perProgram((host): readonly FunctionNode[] => {
  const found: FunctionNode[] = [];
  visitSources(host, (n) => {
    if (isFunctionNode(host.ts, n) && n.body) found.push(n);
  });
  return found;
});

/** The functions that are members of classes and of object literals, by their names. */
const functionsNamed = perProgram((host): ReadonlyMap<string, readonly ts.Node[]> => {
  const { ts } = host;
  const found = new Map<string, ts.Node[]>();
  visitSources(host, (n) => {
    const f = ts.isPropertyDeclaration(n)
      ? n.initializer && skipWrappers(ts, n.initializer)
      : ts.isObjectLiteralElementLike(n)
        ? functionOfMember(host, n)
        : n;
    const name = (n as ts.NamedDeclaration).name;
    if (!f || !name || !isFunctionNode(ts, f) || ts.isFunctionDeclaration(n)) return;
    found.set(name.getText(), [...(found.get(name.getText()) ?? []), f]);
  });
  return found;
});

/** Functions of the language that go through the keys of what they are given; those that only write are not among them. */
const ASKS =
  /^(Object|Reflect)\.(?!freeze|seal|preventExt|define|set|isFrozen|isSealed|getPrototypeOf)|^JSON\.|^structuredClone$/;
/** What a call asks for the keys of: an object, and the one key if it asks for no others. */
export function askedKeys(
  { ts }: Host,
  n: ts.Node,
): { readonly of: ts.Expression; readonly only?: string | undefined }[] {
  const text = (e: ts.Expression | undefined) => (e && ts.isStringLiteralLike(e) ? e.text : undefined);
  if (ts.isSpreadAssignment(n) || ts.isForInStatement(n)) return [{ of: n.expression }];
  if (ts.isBinaryExpression(n) && n.operatorToken.kind === ts.SyntaxKind.InKeyword)
    return [{ of: n.right, only: text(n.left) }];
  if (ts.isVariableDeclaration(n) && n.initializer && ts.isObjectBindingPattern(n.name))
    return n.name.elements.some((x) => x.dotDotDotToken) ? [{ of: n.initializer }] : [];
  if (!ts.isCallExpression(n)) return [];
  const callee = n.expression.getText();
  if (ts.isPropertyAccessExpression(n.expression) && n.expression.name.text === 'hasOwnProperty')
    return [{ of: n.expression.expression, only: text(n.arguments[0]) }];
  if (!ASKS.test(callee)) return [];
  const of = n.arguments.filter((_, k) => k > 0 || !callee.endsWith('assign'));
  return of.map((x) => ({ of: x, only: /\.hasOwn$/.test(callee) ? text(n.arguments[1]) : undefined }));
}
/** The object that a call freezes. */
export function frozenBy(host: Host, n: ts.Node): ts.Expression | undefined {
  const { ts, program } = host;
  if (!ts.isCallExpression(n) || !ts.isPropertyAccessExpression(n.expression)) return undefined;
  const { name, expression } = n.expression;
  if (!FREEZE.has(name.text) || !ts.isIdentifier(expression)) return undefined;
  const d = symbolOf(host, expression)?.valueDeclaration;
  return !d || program.isSourceFileDefaultLibrary(d.getSourceFile()) ? n.arguments[0] : undefined;
}
const FREEZE = new Set(['freeze', 'seal', 'preventExtensions']);

/** Every place of the program that asks for keys, or freezes something. */
export const placesThatAsk = perProgram((host): readonly ts.Node[] => {
  const found: ts.Node[] = [];
  visitSources(host, (n) => {
    if (askedKeys(host, n).length > 0 || frozenBy(host, n)) found.push(n);
  });
  return found;
});

/** Methods of lists, Maps and Sets that keep what they are given, or look for it, and read nothing of it. */
const KEEPS = new Set(
  'add at concat delete fill get has includes indexOf lastIndexOf push set splice unshift with'.split(' '),
);
/** Whether a function without source only keeps what it is given. */
export function keepsOnly({ ts }: Host, call: ts.CallExpression | ts.NewExpression): boolean {
  const e = call.expression;
  if (ts.isNewExpression(call)) return ts.isIdentifier(e) && /^(Weak)?(Map|Set|Ref)$|^Array$/.test(e.text);
  const name = ts.isPropertyAccessExpression(e) ? e.name.text : '';
  return KEEPS.has(name) || /^Object\.(freeze|seal|preventExtensions|getPrototypeOf)$/.test(e.getText());
}
