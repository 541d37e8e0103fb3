/** Lowers statements: one case per kind, loops and switches in files of their own. No default case without a diagnostic. */
import { boundFunction, isFunctionNode, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { boundNames, isVar, listOf, standsForCaught } from '../host/variables.js';
import { replacedByVar } from '../host/writes.js';
import { OPAQUE } from '../ir/nodes.js';
import { CELL, refType } from '../ir/types.js';
import { assignName } from './assignments.js';
import { bindPattern } from './bindings.js';
import type { FunctionContext } from './context.js';
import { Refused } from './emission.js';
import { lowerCondition, lowerExpression } from './expressions.js';
import { named } from './functions.js';
import { declaredFromMath } from './globals.js';
import { lowerForIn, lowerForOf } from './iterations.js';
import { lowerDo, lowerFor, lowerWhile } from './loops.js';
import { REPORTED, type Val } from './shapes.js';
import { lowerSwitch } from './switch.js';
import { lowerThrow, lowerTry, raiseTypeError } from './try.js';

export function lowerStatements(cx: FunctionContext, list: readonly ts.Statement[]): void {
  hoist(cx, list);
  for (const s of list) {
    if (cx.end) return;
    lowerStatement(cx, s);
  }
}

/** Function declarations are there from the start of their block. */
export function hoist(cx: FunctionContext, list: readonly ts.Statement[]): void {
  for (const s of list)
    if (cx.ts.isClassDeclaration(s) && s.name) {
      const symbol = symbolOf(cx.host, s.name);
      if (symbol) cx.env.set(symbol, { kind: 'class', decl: s, captures: new Map() });
    } else if (cx.ts.isFunctionDeclaration(s) && s.name && s.body) {
      const symbol = symbolOf(cx.host, s.name);
      if (symbol) cx.env.set(symbol, replacedFunction(cx, symbol, s) ?? { kind: 'local', decl: s });
    }
}

/** What a function of JavaScript is that shares its name with a variable: one or the other, by when it is asked. */
function replacedFunction(
  cx: FunctionContext,
  symbol: ts.Symbol,
  d: ts.FunctionDeclaration,
): Val | undefined {
  if (!cx.host.untyped || !replacedByVar(cx.host, d.getSourceFile()).has(symbol)) return undefined;
  return { kind: 'conflict', why: `\`${symbol.name}\` is declared as a function and as a variable` };
}

/** Lowers one statement; a refusal in it is recorded, and lowering goes on with the next. */
export function lowerStatement(cx: FunctionContext, s: ts.Statement, labels: readonly string[] = []): void {
  try {
    statement(cx, s, labels);
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
  }
}

function statement(cx: FunctionContext, s: ts.Statement, labels: readonly string[]): void {
  const { ts } = cx;
  if (ts.isVariableStatement(s)) return lowerDeclarations(cx, s.declarationList);
  if (ts.isExpressionStatement(s)) {
    lowerExpression(cx, s.expression, 'unused');
    return;
  }
  if (ts.isBlock(s)) {
    const run = () => lowerStatements(cx, s.statements);
    return labels.length > 0
      ? cx.block({ breaks: false, continues: false, userLabels: labels }, run, s)
      : run();
  }
  if (ts.isIfStatement(s)) {
    const run = () => lowerIf(cx, s);
    return labels.length > 0
      ? cx.block({ breaks: false, continues: false, userLabels: labels }, run, s)
      : run();
  }
  if (ts.isForStatement(s)) return lowerFor(cx, s, labels);
  if (ts.isWhileStatement(s)) return lowerWhile(cx, s, labels);
  if (ts.isDoStatement(s)) return lowerDo(cx, s, labels);
  if (ts.isForOfStatement(s)) return lowerForOf(cx, s, labels);
  if (ts.isForInStatement(s)) return lowerForIn(cx, s, labels);
  if (ts.isSwitchStatement(s)) return lowerSwitch(cx, s, labels);
  if (ts.isLabeledStatement(s)) return statement(cx, s.statement, [...labels, s.label.text]);
  if (ts.isReturnStatement(s)) return lowerReturn(cx, s);
  if (ts.isBreakOrContinueStatement(s)) return lowerJump(cx, s);
  if (ts.isThrowStatement(s)) return lowerThrow(cx, s);
  if (ts.isTryStatement(s)) return lowerTry(cx, s);
  if (s.kind === ts.SyntaxKind.DebuggerStatement) {
    cx.foreign(['(() => { debugger; })()'], [], OPAQUE, false, s);
    return;
  }
  if (
    ts.isEmptyStatement(s) ||
    ts.isFunctionDeclaration(s) ||
    ts.isEnumDeclaration(s) ||
    (ts.isClassDeclaration(s) && !isDecorated(cx, s)) ||
    ts.isInterfaceDeclaration(s) ||
    ts.isTypeAliasDeclaration(s)
  )
    return;
  refuseStatement(cx, s);
}

/** A decorator may do anything to a class, and when it is declared. */
function isDecorated(cx: FunctionContext, s: ts.ClassDeclaration): boolean {
  const found = [s, ...s.members].find(
    (m) => cx.ts.canHaveDecorators(m) && (cx.ts.getDecorators(m)?.length ?? 0) > 0,
  );
  if (!found) return false;
  const name = found.name?.getText();
  return cx.refuse('AD2006', s, name === undefined ? undefined : `\`${name}\` is decorated`);
}

function refuseStatement(cx: FunctionContext, s: ts.Statement): never {
  const { ts } = cx;
  if (ts.isWithStatement(s)) cx.refuse('AD2004', s);
  return cx.refuse('AD2000', s, `\`${ts.SyntaxKind[s.kind]}\` cannot be differentiated`);
}

function lowerIf(cx: FunctionContext, s: ts.IfStatement): void {
  const cond = lowerCondition(cx, s.expression);
  const arm = (body: ts.Statement | undefined) => () => {
    if (body) lowerStatement(cx, body);
    return undefined;
  };
  cx.branch(cond, arm(s.thenStatement), arm(s.elseStatement), s);
}

export function lowerDeclarations(cx: FunctionContext, list: ts.VariableDeclarationList): void {
  const { ts } = cx;
  if (
    (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Using ||
    (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  ) {
    for (const d of list.declarations) {
      const symbol = symbolOf(cx.host, d.name);
      if (symbol) cx.env.set(symbol, { kind: 'conflict', why: REPORTED });
    }
    cx.refuse('AD2009', list);
  }
  for (const d of list.declarations) {
    refuseCaughtNames(cx, d);
    if (ts.isIdentifier(d.name)) {
      const symbol = symbolOf(cx.host, d.name);
      if (!symbol) continue;
      if (d.initializer && boundFunction(cx.host, symbol)) {
        cx.env.set(symbol, named(cx, boundFunction(cx.host, symbol)!));
        continue;
      }
      // `var x;` keeps what an earlier assignment left
      if (!d.initializer && isVar(ts, d) && cx.env.has(symbol)) continue;
      try {
        const isThere = isVar(ts, d) && cx.env.get(symbol)?.kind === 'cell';
        if (d.initializer && !isThere && isNeededToMakeIt(cx, symbol, d.initializer)) {
          declareBefore(cx, d.name, symbol, d.initializer);
          continue;
        }
        const v: Val = d.initializer
          ? lowerExpression(cx, d.initializer)
          : { kind: 'ir', id: cx.constant(undefined, d) };
        declare(cx, d.name, v);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        cx.env.set(symbol, { kind: 'conflict', why: REPORTED });
      }
    } else {
      if (!d.initializer) cx.refuse('AD2000', d);
      try {
        const bind = (n: ts.Identifier, v: Val): void => declare(cx, n, v);
        if (!declaredFromMath(cx, d, bind)) bindPattern(cx, d.name, lowerExpression(cx, d.initializer), bind);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        for (const name of boundNames(ts, d.name)) {
          const symbol = symbolOf(cx.host, name);
          if (symbol) cx.env.set(symbol, { kind: 'conflict', why: REPORTED });
        }
      }
    }
  }
}

/** `catch (e) { var e = ...; }`: what is assigned is the caught value, not the variable that is declared. */
function refuseCaughtNames(cx: FunctionContext, d: ts.VariableDeclaration): void {
  if (!isVar(cx.ts, d)) return;
  const name = boundNames(cx.ts, d.name).find((x) => standsForCaught(cx.ts, x));
  if (name)
    cx.refuse(
      'AD2000',
      d,
      `\`${name.text}\` is declared by \`var\` where a \`catch (${name.text})\` around it has the name`,
      'give one of them another name',
    );
}

/** `const fib = memoize((n) => ... fib(n - 1))`: whether a function in the initialiser names the variable. */
function isNeededToMakeIt(cx: FunctionContext, symbol: ts.Symbol, initializer: ts.Expression): boolean {
  const names = (n: ts.Node, inFunction: boolean): boolean => {
    if (cx.ts.isIdentifier(n)) return inFunction && n.text === symbol.name && symbolOf(cx.host, n) === symbol;
    const inside = inFunction || isFunctionNode(cx.ts, n);
    return cx.ts.forEachChild(n, (child) => names(child, inside)) ?? false;
  };
  return initializer.getText().includes(symbol.name) && names(initializer, false);
}

/** The variable is there, as a cell, before its value is. */
function declareBefore(
  cx: FunctionContext,
  name: ts.Identifier,
  symbol: ts.Symbol,
  initializer: ts.Expression,
): void {
  const cell = cx.makeCell(cx.constant(undefined, name), undefined, name);
  cx.env.set(symbol, cell);
  const id = cx.ir(lowerExpression(cx, initializer), initializer);
  const type = refType(cx.type(cell.ref));
  if (!type || !cx.state.inference.store(type, CELL, cx.type(id))) cx.refuse('AD3002', name);
  cx.store(cell.ref, { key: CELL }, id, initializer);
}

/** The variable that a name declares; a parameter property declares a property as well. */
function variableSymbol(cx: FunctionContext, name: ts.Identifier): ts.Symbol | undefined {
  const p = name.parent;
  if (cx.ts.isParameter(p) && cx.ts.isParameterPropertyDeclaration(p, p.parent))
    return cx.host.checker.getSymbolsOfParameterPropertyDeclaration(p, name.text)[0];
  return symbolOf(cx.host, name);
}

/** Binds a declared name: to a value, or to a new cell if functions share the variable, which one of `var` has for good. */
export function declare(cx: FunctionContext, name: ts.Identifier, v: Val): void {
  const symbol = variableSymbol(cx, name);
  if (!symbol) return;
  if (v.kind === 'ir') cx.values.setName(v.id, name.text);
  if (!cx.cells.has(symbol)) {
    cx.env.set(symbol, v);
    return;
  }
  if (isVar(cx.ts, name.parent) && cx.env.get(symbol)?.kind === 'cell') return assignName(cx, name, v);
  const list = listOf(cx.ts, name.parent);
  const isCopied = list && cx.ts.isForStatement(list.parent) && !isVar(cx.ts, name.parent);
  if (isCopied) {
    cx.env.set(symbol, { kind: 'ir', id: cx.ir(v, name) });
    return;
  }
  const id = cx.ir(v, name);
  const declared = cx.host.checker.getTypeOfSymbolAtLocation(symbol, name);
  cx.env.set(symbol, cx.makeCell(id, declared, name));
}

function lowerReturn(cx: FunctionContext, s: ts.ReturnStatement): void {
  // a value that its type rules out has no derivative: it is not returned in silence
  if (s.expression && isImpossible(cx, s.expression)) {
    const text = `\`${s.expression.getText()}\` has a value here that its type rules out`;
    return raiseTypeError(cx, text, s.expression);
  }
  if (s.expression) refuseOther(cx, s, s.expression);
  cx.onReturn(s.expression ? lowerExpression(cx, s.expression) : { kind: 'missing' }, s);
}
/** An object that a constructor returns stands for the one that is made. */
function refuseOther(cx: FunctionContext, s: ts.ReturnStatement, returned: ts.Expression): void {
  const { ts, host } = cx;
  let f: ts.Node = s;
  while (f.parent && !ts.isFunctionLike(f)) f = f.parent;
  const x = skipWrappers(ts, returned);
  if (!ts.isConstructorDeclaration(f) || x.kind === ts.SyntaxKind.ThisKeyword || ts.isVoidExpression(x))
    return;
  const { flags } = host.checker.getTypeAtLocation(x);
  const isNone = (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) !== 0;
  if (host.untyped || !isNone)
    cx.refuse(
      'AD2013',
      s,
      'a constructor that returns another object than the one it makes is not supported',
      'let a function choose the object: `static of(...) { return known ?? new C(...); }`',
    );
}

/** A variable that the tests before it leave no value, as in `default: const rest: never = shape; return rest;`. */
function isImpossible(cx: FunctionContext, e: ts.Expression): boolean {
  const x = skipWrappers(cx.ts, e);
  if (cx.host.untyped || !cx.ts.isIdentifier(x)) return false;
  return (cx.host.checker.getTypeAtLocation(x).flags & cx.ts.TypeFlags.Never) !== 0;
}

function lowerJump(cx: FunctionContext, s: ts.BreakOrContinueStatement): void {
  const isBreak = cx.ts.isBreakStatement(s);
  const target = [...cx.targets].reverse().find((t) => {
    if (s.label) return t.userLabels.includes(s.label.text) && (isBreak ? !t.continues : t.continues);
    return isBreak ? t.breaks : t.continues;
  });
  if (!target) cx.refuse('AD2000', s);
  cx.leave(target, s);
}
