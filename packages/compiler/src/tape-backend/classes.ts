/** Classes: the same classes with rewritten members. Fields, private names and accessors stay what they are. */
import { Diagnostics } from '../diagnostics/diagnostic.js';
import { changingStatic } from '../host/kept-statics.js';
import { ANY_MEMBER, isStaticReplaced } from '../host/member-writes.js';
import { patchedName } from '../host/prototypes.js';
import { thisIn } from '../host/receivers.js';
import { isFunctionNode, nameOfClass, skipWrappers, symbolOf } from '../host/scopes.js';
import { staticsGained } from '../host/static-writes.js';
import type { ts } from '../host/ts.js';
import { type Context, hostOf, isInside, refuse } from './context.js';
import { propertyName, rewrite } from './expressions.js';
import { signatureAndBody } from './functions.js';
import { functionsIn } from './outside.js';

/** A static field that the user's class keeps. */
export interface SharedStatic {
  readonly name: string;
  readonly read: string;
  readonly write: boolean;
}
/** Static fields that a class keeps, and how the copy, whose own name hides that of the user's class, names it. */
export interface Statics {
  readonly shared: SharedStatic[];
  readonly owner: string;
  hasPrivate: boolean;
}

/**
 * A class as an expression. `original` reads the user's class: its static fields are shared with it; without it (a class
 * made inside, or one that cannot be reached) the copy has its own.
 */
export function classText(
  cx: Context,
  d: ts.ClassLikeDeclaration,
  original: string | undefined,
  statics: Statics | undefined,
): string {
  const { ts } = cx;
  for (const decorator of ts.getDecorators(d) ?? []) refuse(cx, 'AD2006', decorator);
  refuseUndeclared(cx, d);
  refusePatched(cx, d);
  const name = d.name ? ` ${d.name.text}` : '';
  const members = d.members.flatMap((m) => {
    const text = memberText(cx, m, original, statics);
    return text === '' ? [] : [`  ${text}`];
  });
  // members that are declared only, or by assignments, are members for TypeScript all the same
  if (cx.host.untyped || members.length < d.members.length) members.unshift('  [name: string]: any;');
  if (statics && statics.shared.length > 0) members.unshift('  static [name: string]: any;');
  return `class${name}${heritage(cx, d)} {\n${members.join('\n')}\n}`;
}

/** A static field that a class has got by an assignment: a copy of the class would read that of the class it extends. */
function refuseUndeclared(cx: Context, d: ts.ClassLikeDeclaration): void {
  const { ts } = cx;
  const host = hostOf(cx.host, d);
  const owner = d.heritageClauses && nameOfClass(ts, d) ? symbolOf(host, nameOfClass(ts, d)!) : undefined;
  if (!owner || host.untyped) return;
  const declared = d.members.map((m) => m.name?.getText());
  const name = staticsGained(host, d, owner).find((n) => !declared.includes(n));
  if (name !== undefined)
    refuse(
      cx,
      'AD5005',
      d.name ?? d,
      `\`${owner.name}\` gets the static field \`${name}\` of a base class by an assignment`,
      `declare \`static ${name}\` in \`${owner.name}\``,
    );
}

/** A copy of a class does not have what the program puts on the prototype of the class. */
function refusePatched(cx: Context, d: ts.ClassLikeDeclaration): void {
  const host = hostOf(cx.host, d);
  const name = patchedName(host, d);
  if (name === undefined) return;
  const what = name === ANY_MEMBER ? 'what is not known here' : `\`${name}\``;
  refuse(
    cx,
    'AD5004',
    d.name ?? d,
    `${what} is put on the prototype of \`${d.name?.text ?? 'a class'}\` somewhere in the program`,
    'declare it in the class',
  );
}

function heritage(cx: Context, d: ts.ClassLikeDeclaration): string {
  const { ts } = cx;
  const base = d.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!base) return '';
  const symbol = symbolOf(cx.host, base.expression);
  const file = symbol?.valueDeclaration?.getSourceFile();
  const text = rewrite(cx, base.expression);
  if (file && hostOf(cx.host, file).program.isSourceFileDefaultLibrary(file) && !/Error$/.test(text))
    return refuse(cx, 'AD2013', base, `a class that extends \`${text}\` cannot be differentiated`);
  return ` extends ${/^[\w$.]+(\(\))?$/.test(text) ? text : `(${text})`}`;
}

function memberText(
  cx: Context,
  m: ts.ClassElement,
  original: string | undefined,
  statics: Statics | undefined,
): string {
  const { ts } = cx;
  if (ts.isIndexSignatureDeclaration(m) || ts.isSemicolonClassElement(m)) return '';
  const modifiers = ts.canHaveModifiers(m) ? (ts.getModifiers(m) ?? []) : [];
  const has = (kind: ts.SyntaxKind) => modifiers.some((x) => x.kind === kind);
  if (has(ts.SyntaxKind.AbstractKeyword) || has(ts.SyntaxKind.DeclareKeyword)) return '';
  if (has(ts.SyntaxKind.AccessorKeyword)) {
    const message = `\`accessor ${m.name?.getText()}\` is not supported`;
    return refuse(cx, 'AD2013', m, message, 'write a field, or a getter and a setter');
  }
  for (const decorator of ts.canHaveDecorators(m) ? (ts.getDecorators(m) ?? []) : [])
    refuse(cx, 'AD2006', decorator);
  const isStatic = has(ts.SyntaxKind.StaticKeyword);
  const prefix = isStatic ? 'static ' : '';
  if (ts.isPropertyDeclaration(m)) {
    if (isStatic && original !== undefined && statics) return sharedStatic(cx, m, original, statics);
    return withOwnDiagnostics(cx, m, (own) => {
      const value = m.initializer ? ` = ${rewrite(own, m.initializer)}` : '';
      return `${prefix}${propertyName(own, m.name)}: any${value};`;
    });
  }
  if (ts.isClassStaticBlockDeclaration(m))
    return original === undefined ? `static ${rewrite(cx, m.body)}` : '';
  if (!('body' in m) || !m.body) return '';
  return withOwnDiagnostics(cx, m, (own) => methodText(own, m, prefix));
}

function methodText(cx: Context, m: ts.ClassElement, prefix: string): string {
  const { ts } = cx;
  const rest = signatureAndBody(cx, m as unknown as ts.SignatureDeclaration);
  if (ts.isConstructorDeclaration(m)) return `constructor${rest}`;
  const kind = ts.isGetAccessorDeclaration(m) ? 'get ' : ts.isSetAccessorDeclaration(m) ? 'set ' : '';
  return `${prefix}${kind}${propertyName(cx, m.name!)}${rest}`;
}

/** What cannot be rewritten in a method or field counts only if code that is copied mentions its name. */
function withOwnDiagnostics(cx: Context, m: ts.ClassElement, text: (cx: Context) => string): string {
  if (!m.name || !cx.ts.isIdentifier(m.name)) return text(cx);
  const own = new Diagnostics();
  const result = text({ ...cx, diagnostics: own });
  cx.copies.reportIfMentioned(m.name.text, own);
  return own.hasErrors ? '' : result;
}

/** Static state of a class that cannot be reached from the file with the marker: a copy would have its own. */
export function refuseStatics(cx: Context, d: ts.ClassLikeDeclaration): void {
  const { ts } = cx;
  if (cx.host.untyped) {
    refuseChanging(cx, d);
    return;
  }
  const isState = (m: ts.ClassElement): boolean =>
    ts.isClassStaticBlockDeclaration(m) ||
    (ts.isPropertyDeclaration(m) &&
      hasModifier(ts, m, ts.SyntaxKind.StaticKeyword) &&
      !hasModifier(ts, m, ts.SyntaxKind.ReadonlyKeyword));
  const found = d.members.find(isState);
  if (found)
    refuse(
      cx,
      'AD5007',
      found,
      `\`${d.name?.text ?? 'this class'}\` belongs to another module, which does not export it`,
    );
}
/** The same for a class of a package, whose static fields may never change. */
function refuseChanging(cx: Context, d: ts.ClassLikeDeclaration): void {
  const field = changingStatic(hostOf(cx.host, d), cx.copies.given.host, d);
  const name = d.name?.text ?? 'a class';
  if (field)
    refuse(
      cx,
      'AD5007',
      field,
      `the static field \`${field.name.getText()}\` of \`${name}\` of a package changes`,
    );
}
const hasModifier = (typescript: typeof ts, m: ts.ClassElement, kind: ts.SyntaxKind): boolean =>
  typescript.canHaveModifiers(m) && (typescript.getModifiers(m) ?? []).some((x) => x.kind === kind);

function sharedStatic(cx: Context, m: ts.PropertyDeclaration, original: string, statics: Statics): string {
  const { ts } = cx;
  const own = ownFunction(cx, m);
  if (own) return `static ${propertyName(cx, m.name)}: any = ${rewrite(cx, own)};`;
  if (ts.isPrivateIdentifier(m.name)) return sharedPrivate(cx, m, m.name.text, statics);
  if (!ts.isIdentifier(m.name))
    return refuse(cx, 'AD2013', m.name, 'a static field of this kind cannot be shared');
  const name = m.name.text;
  const isHidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword].some((k) =>
    hasModifier(ts, m, k),
  );
  const read = isHidden ? `${original}[${JSON.stringify(name)}]` : `${original}.${name}`;
  if (m.initializer && staysAsMade(cx, m))
    for (const place of functionsIn(cx.host, read, m.initializer)) cx.copies.pairExpression(place, cx.unit);
  statics.shared.push({
    name,
    read,
    write: !hasModifier(ts, m, ts.SyntaxKind.ReadonlyKeyword),
  });
  return '';
}

/** A function that only the class itself can name, or whose `this` is the class: the copy has one of its own. */
function ownFunction(cx: Context, m: ts.PropertyDeclaration): ts.Expression | undefined {
  const { ts } = cx;
  const f = m.initializer && skipWrappers(ts, m.initializer);
  if (!f || !isFunctionNode(ts, f) || !staysAsMade(cx, m)) return undefined;
  const isOwn = ts.isPrivateIdentifier(m.name) || (ts.isArrowFunction(f) && thisIn(cx.host, f));
  return isOwn ? f : undefined;
}
/** Whether a static field holds for ever what its initialiser gives, where that is a function. */
function staysAsMade(cx: Context, m: ts.PropertyDeclaration): boolean {
  if (hasModifier(cx.ts, m, cx.ts.SyntaxKind.ReadonlyKeyword)) return true;
  const owner = nameOfClass(cx.ts, m.parent);
  const host = hostOf(cx.host, m);
  const symbol = owner && symbolOf(host, owner);
  return symbol !== undefined && !host.untyped && !isStaticReplaced(host, symbol, m.name.getText());
}

/** `static #count`: accessors of the copy, which call methods that are added to the user's class. */
function sharedPrivate(cx: Context, m: ts.PropertyDeclaration, field: string, statics: Statics): string {
  const owner = m.parent.name && symbolOf(cx.host, m.parent.name);
  const method = (access: 'get' | 'set'): string => {
    const text = owner && cx.copies.given.reach.privateStatic(owner, field, access);
    if (!text) refuse(cx, 'AD2013', m.name, 'a private static field of this class cannot be shared');
    return `${statics.owner}().${text?.split('.').pop()}`;
  };
  statics.hasPrivate = true;
  const read = `${method('get')}()`;
  const getter = `static get ${field}(): any { return ${read}; }`;
  const write = hasModifier(cx.ts, m, cx.ts.SyntaxKind.ReadonlyKeyword)
    ? undefined
    : `${method('set')}(value)`;
  cx.unit.state.set(read, { read, ...(write && { write }) });
  return write ? `${getter}\n  static set ${field}(value: any) { ${write}; }` : getter;
}

/** Whether a property belongs to a class that is copied, so that its methods are rewritten wherever it comes from. */
export function isOwnMethod(cx: Context, e: ts.PropertyAccessExpression): boolean {
  const { ts } = cx;
  if (cx.host.untyped) return false;
  const d = symbolOf(cx.host, e)?.valueDeclaration;
  if (!d || !ts.isMethodDeclaration(d) || d.getSourceFile().isDeclarationFile) return false;
  if (ts.isObjectLiteralExpression(d.parent)) return isInside(d, cx.roots);
  const isOwn =
    e.expression.kind === ts.SyntaxKind.ThisKeyword || e.expression.kind === ts.SyntaxKind.SuperKeyword;
  return isOwn || !d.parent.members.some((m) => m.name && ts.isPrivateIdentifier(m.name));
}
