/** **Question**: of which class is an object? Where several may be there, a branch on the tag says it; what comes from outside is checked. */
import { isInterfaceOfLiterals } from '../host/interface-literals.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, type ClassTag, OPAQUE, type ValueId } from '../ir/nodes.js';
import { holdsFunctions, holdsInstances } from '../ir/type-questions.js';
import { CLASS_FIELD, refType } from '../ir/types.js';
import { irVal } from './args.js';
import { baseOf, declarationOfClass, isOrExtends, symbolOfClass } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { className } from './instances.js';
import { presence, whereThere } from './presence.js';
import type { Val } from './shapes.js';
import { engineError, isErrorClass, thrownClass } from './try.js';

/** The classes that an object may be of; of those that come from outside only what this file can name. */
export const classesOf = (cx: FunctionContext, of: Val): readonly ClassTag[] => {
  if (of.kind !== 'ir') return [];
  const t = refType(cx.type(of.id));
  if (t?.kind !== 'record' || !t.classes) return [];
  if (!t.outside || t.classes.length === 1) return t.classes;
  const named = (c: ClassTag): boolean => {
    const d = declarationOfClass(c);
    const symbol = symbolOfClass(cx, d);
    return symbol !== undefined && cx.state.outside.reach(symbol) !== undefined;
  };
  return t.classes.filter(named);
};

/** The expression that names a class in generated code. */
export function classReference(cx: FunctionContext, tag: ClassTag, node: ts.Node): string {
  return referenceTo(cx, declarationOfClass(tag), node);
}
function referenceTo(cx: FunctionContext, d: ts.ClassLikeDeclaration, node: ts.Node): string {
  const symbol = symbolOfClass(cx, d);
  return symbol
    ? cx.state.outside.text(cx, symbol, node)
    : cx.refuse('AD5007', node, 'a class without a name cannot be told from others');
}
/** An instance made here as an instance of its class, for unknown code, texts and logs. */
export function asInstance(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  if (t?.kind !== 'record' || t.outside || t.literal || t.classes?.length !== 1) return id;
  if (cx.type(id).kind === 'maybe') return id;
  const d = declarationOfClass(t.classes[0]);
  if (d === thrownClass(cx)) return engineError(cx, id, node);
  const symbol = symbolOfClass(cx, d);
  const text = symbol && !cx.state.scopesOf(d).isLocal(symbol) ? cx.state.outside.reach(symbol) : undefined;
  if (text === undefined) return id;
  const template = [
    `(({ ${CLASS_FIELD}: _, ...fields }: any) => Object.assign(Object.create(${text}.prototype), fields))(`,
    ')',
  ];
  return cx.foreign(template, [id], OPAQUE, false, node, 'encodes');
}

/** A value that is made into text: what its class or its parts say of that counts. */
export function asText(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  const parts = t?.kind === 'record' && t.classes ? t.fields.map((f) => f.type) : undefined;
  const isFlat = parts?.every((p) => !holdsInstances(p) && !holdsFunctions(p));
  const shown = isFlat ? asInstance(cx, id, node) : id;
  if (shown === id) cx.handOut(id, node);
  return shown;
}

/**
 * What comes from outside must be of the very classes that are known: another one may have other methods (R9). Where literals implement
 * the interface too, the source of an object of a module tells what it is. `literals`: literals that the program makes may be there
 * beside; under this name they have no function as the caller's have it.
 */
export function checkClass(
  cx: FunctionContext,
  of: Val,
  classes: readonly ClassTag[],
  node: ts.Node,
  literals?: string,
): void {
  if (of.kind !== 'ir') return;
  const t = refType(cx.type(of.id));
  if (t?.kind !== 'record' || !t.outside || cx.checkedClasses.has(of.id)) return;
  const { host } = cx;
  if (cx.ts.isPropertyAccessExpression(node) && isInterfaceOfLiterals(host, node.expression))
    if (cx.state.inference.readTables()) cx.giveUp(node);
  if (literals === undefined) cx.checkedClasses.add(of.id);
  const list = classes.map((c) => `() => ${classReference(cx, c, node)}`).join(', ');
  const path = JSON.stringify(
    cx.ts.isPropertyAccessExpression(node) ? node.expression.getText() : node.getText(),
  );
  cx.emit({
    kind: 'runtime',
    name: 'checkClass',
    args: [of.id],
    literals: [path, `[${list}]`, ...(literals === undefined ? [] : [JSON.stringify(literals)])],
    effect: 'effect',
    results: [],
    span: cx.span(node),
  });
}

/** Runs the arm of the class that the object is of. */
export function byClass(
  cx: FunctionContext,
  of: Val & { kind: 'ir' },
  classes: readonly ClassTag[],
  node: ts.Node,
  run: (d: ts.ClassLikeDeclaration) => Val,
  otherwise?: () => Val,
): Val {
  const from = (k: number): Val => {
    const arm = (): Val => run(declarationOfClass(classes[k]));
    const isLast = k === classes.length - 1;
    if (isLast && !otherwise) return arm();
    const here = isInstance(cx, of.id, classes[k], node);
    const rest = (): Val => (isLast && otherwise ? otherwise() : from(k + 1));
    return cx.branch(here, arm, rest, node) ?? { kind: 'missing' };
  };
  return from(0);
}
function isInstance(cx: FunctionContext, id: ValueId, tag: ClassTag, node: ts.Node): ValueId {
  const t = refType(cx.type(id));
  if (t?.kind === 'record' && t.outside) {
    const text = classReference(cx, tag, node);
    const made = JSON.stringify(className(cx, tag));
    const result = cx.fresh(BOOLEAN, node);
    cx.emit({
      kind: 'runtime',
      name: 'isOfClass',
      args: [id],
      literals: [`() => ${text}`, made],
      effect: 'pure',
      results: [result],
      span: cx.span(node),
    });
    return result;
  }
  const name = cx.constant(className(cx, tag), node);
  return cx.scalar('eq', [cx.load(id, { key: CLASS_FIELD }, node), name], node);
}

/** `x instanceof C`, as far as it is known. */
export function instanceOf(cx: FunctionContext, of: Val, d: ts.ClassLikeDeclaration, node: ts.Node): ValueId {
  if (d.members.some((m) => m.name?.getText() === '[Symbol.hasInstance]'))
    return cx.refuse('AD2013', node, 'a class with its own `Symbol.hasInstance` is not supported');
  const isInside = (tag: ClassTag): boolean => isOrExtends(cx, declarationOfClass(tag), d);
  const t = cx.type(cx.ir(of, node));
  const r = refType(t);
  const mayBeReal =
    t.kind === 'opaque' || (r?.kind === 'record' && (r.outside || (r.site === undefined && !r.classes)));
  const symbol = symbolOfClass(cx, d);
  // a class that is declared in a function is made anew by each call
  const isOwn = symbol !== undefined && cx.state.scopesOf(d).isLocal(symbol);
  if (!mayBeReal || isOwn) return instanceWhere(cx, of, node, isInside);
  const made = (r?.kind === 'record' ? (r.classes ?? []) : []).filter(isInside);
  return askObject(cx, cx.ir(of, node), d, made, node);
}

/** What was not made here says itself of which class it is; what was has the name of one of the classes `made`. */
function askObject(
  cx: FunctionContext,
  id: ValueId,
  d: ts.ClassLikeDeclaration,
  made: readonly ClassTag[],
  node: ts.Node,
): ValueId {
  const names = JSON.stringify(made.map((tag) => className(cx, tag)));
  const result = cx.fresh(BOOLEAN, node);
  cx.emit({
    kind: 'runtime',
    name: 'isInstance',
    args: [id],
    literals: [`() => ${referenceTo(cx, d, node)}`, names],
    effect: 'pure',
    results: [result],
    span: cx.span(node),
  });
  return result;
}

/** `x instanceof Error` of an instance that the program makes, which has no prototype: what its class extends says it. */
export function instanceOfPlatform(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
): ValueId | undefined {
  const r = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (r?.kind !== 'record' || !r.classes || r.outside) return undefined;
  const thrown = r.classes.find((tag) => tag.declaration === thrownClass(cx));
  const { id } = of as Val & { kind: 'ir' };
  if (name === 'Object') return whereThere(cx, id, node, cx.ts.isBinaryExpression(node) ? node.left : node);
  const ofEngine = (): Val =>
    irVal(cx.foreign(['', ` instanceof ${name}`], [engineError(cx, id, node)], BOOLEAN, true, node));
  if (thrown && r.classes.length === 1) return cx.ir(ofEngine(), node);
  if (thrown) {
    const others = (): Val => irVal(instanceWhere(cx, of, node, extendsIt));
    return cx.ir(cx.branch(isInstance(cx, id, thrown, node), ofEngine, others, node)!, node);
  }
  return instanceWhere(cx, of, node, extendsIt);
  function extendsIt(tag: ClassTag): boolean {
    if (tag === thrown) return false;
    let d = declarationOfClass(tag);
    for (let base = baseOf(cx, d); base; base = baseOf(cx, d)) d = base;
    const clause = d.heritageClauses?.find((h) => h.token === cx.ts.SyntaxKind.ExtendsKeyword);
    const extended = clause?.types[0].expression.getText();
    return extended === name || (name === 'Error' && extended !== undefined && isErrorClass(extended));
  }
}

/** Whether an instance is of one of the classes that `inside` holds for. */
function instanceWhere(
  cx: FunctionContext,
  of: Val,
  node: ts.Node,
  inside: (tag: ClassTag) => boolean,
): ValueId {
  const id = cx.ir(of, node);
  const classes = classesOf(cx, of);
  const r = refType(cx.type(id));
  if (r === undefined) return cx.constant(false, node);
  const yes = classes.filter(inside);
  const asked = cx.ts.isBinaryExpression(node) ? node.left : node;
  if (yes.length === 0) return cx.constant(false, node);
  const mayBeLiteral = r.kind === 'record' && r.literal === true;
  if (yes.length === classes.length && !mayBeLiteral) return whereThere(cx, id, node, asked);
  const any = (k: number): Val => {
    const here = isInstance(cx, id, yes[k], node);
    if (k === yes.length - 1) return irVal(here);
    return cx.branch(
      here,
      () => irVal(cx.constant(true, node)),
      () => any(k + 1),
      node,
    )!;
  };
  const nothing = (): Val => irVal(cx.constant(false, node));
  if (presence(cx, id, asked) === 'there') return cx.ir(any(0), node);
  return cx.ir(cx.branch(cx.scalar('isNullish', [id], node), nothing, () => any(0), node)!, node);
}
