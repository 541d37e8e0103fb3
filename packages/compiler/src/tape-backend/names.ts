/** What a name stands for in copied code: a variable of its own, a copied declaration, or a variable of the user's. */
import { isNeverChanged } from '../host/kept-data.js';
import { isRuleCall } from '../host/known-functions.js';
import { declarationOf, type Implementation, implementationOf } from '../host/packages.js';
import {
  boundFunction,
  declaredClass,
  type FunctionNode,
  isConst,
  isInBlock,
  isNamespace,
  skipWrappers,
  symbolOf,
  withoutFreeze,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import { isAssignedAgain, isWrittenThrough } from '../host/writes.js';
import { type Context, hostOf, isInside, refuse } from './context.js';
import { assignmentsIn, isGlobal, isGlobalName } from './facts.js';
import { functionsIn, functionsRegistered, keepsState, noteClass, noteClassesOf } from './outside.js';
import { capturedFunction } from './scope.js';

const FORBIDDEN: Readonly<Record<string, readonly ['AD2003' | 'AD5004' | 'AD3004', string]>> = {
  eval: ['AD2003', 'code made from text cannot be differentiated'],
  Function: ['AD2003', 'code made from text cannot be differentiated'],
  Proxy: ['AD5004', '`Proxy` cannot be differentiated'],
  Reflect: ['AD5004', '`Reflect` cannot be differentiated'],
  DataView: ['AD3004', 'a `DataView` cannot be differentiated'],
};

/** The text for a name where it is read. */
export function nameText(cx: Context, e: ts.Identifier): string {
  const { ts } = cx;
  if (e.text === 'arguments' && isArguments(cx, e)) return argumentsText(cx, e);
  const outside = implementationOf(cx.host, e);
  if (outside) return packageText(cx, outside, e);
  const symbol = symbolOf(cx.host, e);
  if (!symbol) {
    if (!cx.host.untyped) return refuse(cx, 'AD4001', e, `\`${e.text}\` is not known`);
    return globalText(cx, e);
  }
  if (isLocalHere(cx, symbol)) return e.text;
  if (isGlobal(cx, e)) return globalText(cx, e);
  const isValue = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0;
  const isModule = isNamespace(cx.host, symbol);
  if (symbol.flags & ts.SymbolFlags.ValueModule && !(isValue && isModule))
    return isModule
      ? refuse(cx, 'AD4003', e, `the module \`${e.text}\` is used as a value`)
      : refuse(
          cx,
          cx.host.untyped ? 'AD5007' : 'AD4003',
          e,
          `\`${e.text}\` gets members by assignments, which its copy would not have`,
          'declare them where it is declared',
        );
  return symbolText(cx, symbol, e);
}

const isLocalHere = (cx: Context, symbol: ts.Symbol): boolean =>
  (symbol.declarations ?? []).some((d) => isInside(d, cx.roots)) && !isRootName(cx, symbol);
/** The name of the copied declaration itself belongs to the scope around it, unless it is a function expression's. */
function isRootName(cx: Context, symbol: ts.Symbol): boolean {
  const { ts } = cx;
  return (symbol.declarations ?? []).some(
    (d) =>
      cx.roots.includes(d) &&
      (ts.isFunctionDeclaration(d) || (ts.isFunctionExpression(d) && cx.copies.nameOfRoot(d) !== undefined)),
  );
}

function isArguments(cx: Context, e: ts.Identifier): boolean {
  const s = symbolOf(cx.host, e);
  return s === undefined || s.valueDeclaration === undefined;
}
function argumentsText(cx: Context, e: ts.Identifier): string {
  const { ts } = cx;
  let n: ts.Node = e;
  while (n && (!ts.isFunctionLike(n) || ts.isArrowFunction(n)) && !ts.isSourceFile(n)) n = n.parent;
  return isInside(n, cx.roots) ? e.text : refuse(cx, 'AD2008', e);
}

function globalText(cx: Context, e: ts.Identifier): string {
  const forbidden = FORBIDDEN[e.text];
  const p = e.parent;
  const isTest =
    cx.ts.isBinaryExpression(p) &&
    p.operatorToken.kind === cx.ts.SyntaxKind.InstanceOfKeyword &&
    p.right === e;
  if (forbidden && !isTest) return refuse(cx, forbidden[0], e, forbidden[1]);
  // the file with the marker may use the name for something else
  return cx.copies.isDeclaredInFile(e.text) ? `(globalThis as any).${e.text}` : e.text;
}

/** What a package exports, by its JavaScript. */
export function packageText(cx: Context, { host, symbol }: Implementation, e: ts.Node): string {
  const f = boundFunction(host, symbol);
  if (f) return use(cx, f, symbol.name);
  const d = symbol.valueDeclaration;
  if (d && host.ts.isClassLike(d)) return `${useClass(cx, d, symbol.name, undefined)}()`;
  return (
    ruleText(cx, host, symbol, e, symbolOf(cx.host, e)) ??
    constantText(cx, host, symbol) ??
    refuse(cx, 'AD4002', e, `\`${symbol.name}\` of this package is not a function that can be read`)
  );
}

/** A package's function with a derivative rule is imported: the tape runs the rule as it is. `declared`: its name in typed code. */
function ruleText(
  cx: Context,
  host: Host,
  symbol: ts.Symbol,
  e: ts.Node,
  declared?: ts.Symbol,
): string | undefined {
  const d = symbol.valueDeclaration;
  if (!d || !cx.ts.isVariableDeclaration(d) || !d.initializer || !isRuleCall(host, d.initializer))
    return undefined;
  if ((assignmentsIn(host, d.getSourceFile()).get(symbol) ?? []).length > 0) return undefined;
  const isTyped = declared?.valueDeclaration?.getSourceFile().isDeclarationFile;
  const name = isTyped ? declared : declarationOf(cx.copies.given.host, symbol);
  const text = name && cx.copies.reachText(name);
  const missing = `the declaration of \`${symbol.name}\`, which has a derivative rule, is not part of the program`;
  return text ?? refuse(cx, 'AD4007', e, missing, 'import something of its package in a file of the program');
}

function use(cx: Context, f: FunctionNode, name: string): string {
  const unit = cx.copies.functionUnit(f, name === 'default' ? 'f' : name);
  cx.unit.uses.add(unit);
  return unit.name;
}
export function useClass(
  cx: Context,
  d: ts.ClassLikeDeclaration,
  name: string,
  original: string | undefined,
): string {
  const unit = cx.copies.classUnit(d, name, original);
  cx.unit.uses.add(unit);
  return unit.name;
}

/** A name of the module, or of a function around the marker call. */
export function symbolText(cx: Context, symbol: ts.Symbol, e: ts.Node): string {
  const { ts } = cx;
  const host = symbol.valueDeclaration ? hostOf(cx.host, symbol.valueDeclaration) : cx.host;
  const d = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (d && isOfFunction(cx, d)) return capturedText(cx, symbol, e);
  const f = boundFunction(host, symbol);
  if (f) return use(cx, f, symbol.name);
  if (!d || d.getSourceFile().isDeclarationFile) return foreignText(cx, symbol, e);
  const named = declaredClass(ts, d);
  if (named) {
    const text = `${useClass(cx, named, symbol.name, originalText(cx, symbol, host))}()`;
    noteClass(cx, named);
    return text;
  }
  if (
    ts.isExportAssignment(d) ||
    ts.isVariableDeclaration(d) ||
    ts.isBindingElement(d) ||
    ts.isEnumDeclaration(d)
  )
    return variableText(cx, host, symbol, d, e);
  return refuse(cx, 'AD4002', e, `\`${symbol.name}\` has no source and no derivative rule`);
}
/** How the file with the marker names what the user's module has. */
const originalText = (cx: Context, symbol: ts.Symbol, host: Host): string | undefined =>
  host.untyped ? undefined : cx.copies.classText(symbol);

/** Whether a declaration is in the scope of a function, or of a block. */
function isOfFunction(cx: Context, d: ts.Node): boolean {
  const { ts } = cx;
  for (let n = d.parent; n && !ts.isSourceFile(n); n = n.parent)
    if (ts.isFunctionLike(n) || ts.isClassStaticBlockDeclaration(n)) return true;
  return isInBlock(ts, d);
}

/** A function or variable that is declared only, such as a callback of the platform: the file imports it already. */
function foreignText(cx: Context, symbol: ts.Symbol, e: ts.Node): string {
  const { ts } = cx;
  if (ts.isIdentifier(e) && e.getSourceFile() === cx.copies.given.file) return e.text;
  return refuse(cx, 'AD4002', e, `\`${symbol.name}\` has no source and no derivative rule`);
}

function variableText(cx: Context, host: Host, symbol: ts.Symbol, d: ts.Declaration, e: ts.Node): string {
  const { ts } = cx;
  if (host.untyped || ts.isExportAssignment(d))
    return (
      ruleText(cx, host, symbol, e) ??
      constantText(cx, host, symbol) ??
      refuse(cx, 'AD5007', e, `\`${symbol.name}\` is a variable of a package that changes`)
    );
  const read = cx.copies.reachText(symbol);
  if (read === undefined) return hiddenText(cx, host, symbol, d, e);
  const name = /^[\w$]+/.exec(read)?.[0] ?? '';
  if (d.getSourceFile() !== e.getSourceFile() && cx.roots.some((root) => declaresName(cx, root, name)))
    return refuse(cx, 'AD5007', e, `\`${symbol.name}\` would get the name of a variable of this function`);
  noteState(cx, host, symbol, d, read);
  if (!isAssignmentTarget(cx, e)) return read;
  const isHere = d.getSourceFile() === cx.copies.given.file;
  const variable = isHere ? { text: read, write: `${read} = value` } : cx.copies.variable(symbol, read);
  if (!variable)
    return refuse(cx, 'AD5007', e, `\`${symbol.name}\` belongs to another module, and is written here`);
  const known = cx.unit.state.get(symbol);
  cx.unit.state.set(symbol, { read: known?.read ?? read, write: variable.write });
  return variable.text;
}

function isOfNamespace(cx: Context, d: ts.Node): boolean {
  for (let n = d.parent; n; n = n.parent) if (cx.ts.isModuleBlock(n)) return true;
  return false;
}

/** Whether a name is declared somewhere in a piece of code. */
function declaresName(cx: Context, root: ts.Node, name: string): boolean {
  const { ts } = cx;
  return walkNodes(ts, root, (n) => {
    const declared = (n as ts.NamedDeclaration).name;
    const isHere = declared !== undefined && ts.isIdentifier(declared) && declared.text === name;
    const declares = ts.isVariableDeclaration(n) || ts.isParameter(n) || ts.isBindingElement(n);
    return isHere && declares ? 'stop' : undefined;
  });
}

/** A variable that its module does not export: made again from its initialiser, if nothing can have changed it. */
function hiddenText(cx: Context, host: Host, symbol: ts.Symbol, d: ts.Declaration, e: ts.Node): string {
  const { ts, checker } = cx.host;
  const of = isOfNamespace(cx, d) ? 'a namespace' : 'another module';
  const hidden = `\`${symbol.name}\` of ${of} is used by code that is copied, and it is not exported`;
  const type = checker.getTypeOfSymbolAtLocation(symbol, d);
  const { NumberLike, StringLike, BooleanLike } = ts.TypeFlags;
  const holdsNothing =
    type.getCallSignatures().length > 0 || (type.flags & (NumberLike | StringLike | BooleanLike)) !== 0;
  const isFixed =
    ts.isVariableDeclaration(d) && isConst(ts, d) && (holdsNothing || !isWrittenThrough(host, symbol));
  if (!isFixed && !ts.isBindingElement(d)) return refuse(cx, 'AD5007', e, hidden);
  return constantText(cx, host, symbol) ?? refuse(cx, 'AD5007', e, hidden);
}

/** A variable that keeps what it is initialised with. */
function constantText(cx: Context, host: Host, symbol: ts.Symbol): string | undefined {
  const { ts } = cx;
  const d = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (d && ts.isBindingElement(d)) return partText(cx, d);
  const e =
    d && (ts.isExportAssignment(d) ? d.expression : ts.isVariableDeclaration(d) ? d.initializer : undefined);
  if (!d || !e) return undefined;
  if (isAssignedAgain(host, symbol)) return undefined;
  const literal = skipWrappers(ts, e);
  if (ts.isNumericLiteral(literal) || ts.isStringLiteral(literal)) return literal.getText();
  if (keepsState(host, literal)) return undefined;
  if (host.untyped && mayBeContainer(ts, literal) && !isNeverChanged(host, symbol)) return undefined;
  const unit = cx.copies.constantUnit(e, symbol.name === 'default' ? 'f' : symbol.name);
  cx.unit.uses.add(unit);
  return `${unit.name}()`;
}

const mayBeContainer = (ts: Context['ts'], e: ts.Expression): boolean =>
  ts.isArrayLiteralExpression(e) ||
  ts.isObjectLiteralExpression(e) ||
  ts.isCallExpression(e) ||
  (ts.isNewExpression(e) && e.expression.getText() !== 'RegExp');

/** `const { cos } = Math` */
function partText(cx: Context, d: ts.BindingElement): string | undefined {
  const { ts } = cx;
  const of = d.parent.parent;
  const name = d.propertyName ?? d.name;
  if (!ts.isObjectBindingPattern(d.parent) || !ts.isVariableDeclaration(of) || !of.initializer)
    return undefined;
  const isMath = isGlobalName(cx, skipWrappers(ts, of.initializer), 'Math');
  return isMath && ts.isIdentifier(name) && isConst(ts, of) ? `Math.${name.text}` : undefined;
}

/** A variable of a module: what it holds is walked at each evaluation, and the functions in it get twins. */
function noteState(cx: Context, host: Host, symbol: ts.Symbol, d: ts.Declaration, text: string): void {
  const { ts } = cx;
  if (ts.isEnumDeclaration(d)) return;
  const type = host.checker.getTypeOfSymbolAtLocation(symbol, d);
  if (!holdsObjects(host, type)) return;
  if (!cx.unit.state.has(symbol)) cx.unit.state.set(symbol, { read: text });
  noteClassesOf(cx, host, type);
  if (!ts.isVariableDeclaration(d) || !d.initializer || !isConst(ts, d)) return;
  for (const place of functionsRegistered(host, symbol, text)) cx.copies.pairExpression(place, cx.unit);
  // a function stays the same, and those of an object are asked one by one; what a list or a map holds may change
  const init = withoutFreeze(host, d.initializer);
  const isObject =
    ts.isObjectLiteralExpression(init) ||
    ts.isCallExpression(init) ||
    (ts.isNewExpression(init) && init.expression.getText() !== 'Map');
  if (isObject || type.getCallSignatures().length > 0 || !isWrittenThrough(host, symbol))
    for (const place of functionsIn(host, text, init)) cx.copies.pairExpression(place, cx.unit);
}

function holdsObjects(host: Host, type: ts.Type): boolean {
  const F = host.ts.TypeFlags;
  if (type.isUnion()) return type.types.some((t) => holdsObjects(host, t));
  return (
    (type.flags & (F.Object | F.Any | F.Unknown | F.Intersection | F.NonPrimitive | F.Instantiable)) !== 0
  );
}

/** Whether a name stands where it is assigned. */
function isAssignmentTarget(cx: Context, e: ts.Node): boolean {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  let n = e;
  while (
    ts.isParenthesizedExpression(n.parent) ||
    ts.isNonNullExpression(n.parent) ||
    ts.isAsExpression(n.parent)
  )
    n = n.parent;
  const p = n.parent;
  if (ts.isBinaryExpression(p) && p.left === n)
    return p.operatorToken.kind >= K.FirstAssignment && p.operatorToken.kind <= K.LastAssignment;
  if (ts.isPrefixUnaryExpression(p) || ts.isPostfixUnaryExpression(p))
    return p.operator === K.PlusPlusToken || p.operator === K.MinusMinusToken;
  if ((ts.isForOfStatement(p) || ts.isForInStatement(p)) && p.initializer === n) return true;
  if (ts.isArrayLiteralExpression(p) || ts.isSpreadElement(p)) return isAssignmentTarget(cx, p);
  if (ts.isPropertyAssignment(p) || ts.isShorthandPropertyAssignment(p))
    return isAssignmentTarget(cx, p.parent);
  return false;
}

/** A variable of a function around the marker call: read and assigned through accessors that the call passes. */
function capturedText(cx: Context, symbol: ts.Symbol, e: ts.Node): string {
  const { scope } = cx.copies;
  if (!scope) return refuse(cx, 'AD5003', e, `the value of \`${symbol.name}\` is not known here`);
  const visible = cx.copies.isVisibleAtMarker(symbol);
  const inner = capturedFunction(cx, symbol);
  if (inner !== undefined) return inner;
  if (!visible)
    return refuse(cx, 'AD5003', e, `\`${symbol.name}\` is not in scope where the marker is called`);
  const known = scope.unit.captured.get(symbol) ?? { assigned: false };
  known.assigned ||= isAssignmentTarget(cx, e);
  scope.unit.captured.set(symbol, known);
  noteClassesOf(cx, cx.host, cx.host.checker.getTypeOfSymbolAtLocation(symbol, e));
  return `${scope.outer}.${symbol.name}`;
}
