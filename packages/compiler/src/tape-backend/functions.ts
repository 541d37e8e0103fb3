/** Functions and their parameters: types are left out, bodies are rewritten. */
import { thisIn } from '../host/receivers.js';
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type Context, refuse } from './context.js';
import { rewrite } from './expressions.js';
import { bindingText, type Later } from './patterns.js';
import { dedent } from './text.js';

/** A copy as a declaration of its own: also of an arrow function. */
export function functionDeclaration(cx: Context, f: FunctionNode, name: string): string {
  return dedent(`function ${name}${signatureAndBody(cx, f, true)}`, f);
}

/** Parameters and body of any kind of function; `declared`: an arrow function becomes a declaration. */
export function signatureAndBody(cx: Context, f: ts.SignatureDeclaration, declared = false): string {
  const { ts } = cx;
  const body = (f as FunctionNode).body;
  checkModifiers(cx, f);
  if (!body) return `() {}`;
  const later: Later[] = [];
  const list = parameters(cx, f, later);
  const result = ts.isConstructorDeclaration(f) || ts.isSetAccessorDeclaration(f) ? '' : ': any';
  const before = later.map((l) => `const ${l.pattern}: any = ${l.value};`);
  const text = rewrite(cx, body);
  if (ts.isArrowFunction(f) && !declared) {
    if (ts.isBlock(body)) return `(${list})${result} => ${withStatements(before, text)}`;
    if (before.length === 0) return `(${list})${result} => ${text.startsWith('{') ? `(${text})` : text}`;
    return `(${list})${result} => { ${before.join(' ')} return ${text}; }`;
  }
  if (!ts.isBlock(body)) return `(${list})${result} {\n  ${[...before, `return ${text};`].join('\n  ')}\n}`;
  return `(${list})${result} ${withStatements(before, text)}`;
}

/** Puts statements at the beginning of a block. */
export function withStatements(statements: readonly string[], block: string): string {
  if (statements.length === 0) return block;
  return block.startsWith('{')
    ? `{ ${statements.join(' ')} ${block.slice(1)}`
    : `{ ${statements.join(' ')} ${block} }`;
}

function checkModifiers(cx: Context, f: ts.SignatureDeclaration): void {
  const { ts } = cx;
  const modifiers = ts.canHaveModifiers(f) ? (ts.getModifiers(f) ?? []) : [];
  if (modifiers.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword))
    refuse(cx, 'AD2001', f.name ?? f, 'an async function cannot be differentiated');
  if ('asteriskToken' in f && f.asteriskToken)
    refuse(cx, 'AD2002', f.name ?? f, 'a generator cannot be differentiated');
}

function parameters(cx: Context, f: ts.SignatureDeclaration, later: Later[]): string {
  const { ts } = cx;
  const list = f.parameters.map((p) => parameter(cx, p, later));
  const hasThis = f.parameters.some((p) => ts.isIdentifier(p.name) && p.name.text === 'this');
  const isFunction = ts.isFunctionDeclaration(f) || ts.isFunctionExpression(f);
  if (isFunction && !hasThis && thisIn(cx.host, f)) list.unshift('this: any');
  return list.join(', ');
}

function parameter(cx: Context, p: ts.ParameterDeclaration, later: Later[]): string {
  const { ts } = cx;
  for (const d of ts.getDecorators(p) ?? []) refuse(cx, 'AD2006', d);
  // a parameter that is a field of its class stays one
  const field = ts.isParameterPropertyDeclaration(p, p.parent) ? 'public ' : '';
  const initializer = p.initializer ? ` = ${rewrite(cx, p.initializer)}` : '';
  const optional = p.questionToken || (cx.host.untyped && !p.dotDotDotToken && !p.initializer) ? '?' : '';
  const target = ts.isIdentifier(p.name)
    ? p.name.text
    : bindingText(cx, p.name, later, p.dotDotDotToken === undefined);
  return `${field}${p.dotDotDotToken ? '...' : ''}${target}${optional}: any${initializer}`;
}
