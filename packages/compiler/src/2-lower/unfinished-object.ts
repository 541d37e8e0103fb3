/** **Question**: what is there of an object, at the place that a walk through its constructors has come to, and what does its class have? */
import { askedKeys, frozenBy } from '../host/callees.js';
import type { ts } from '../host/ts.js';
import { baseOf, findMember, hasOther, isMade, isStatic, memberName } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { FieldFlow } from './field-flow.js';
import { ObjectNames } from './object-names.js';

/** An object whose constructors are followed. */
export abstract class UnfinishedObject {
  /** Fields that are read, perhaps, before they have a value. */
  protected readonly early = new Set<string>();
  protected readonly flow = new FieldFlow();
  protected readonly names: ObjectNames;
  protected readonly fields = new Set<string>();
  private readonly chain: ts.ClassLikeDeclaration[] = [];
  /** Where the object may be frozen from then on: calls in its own code, and classes whose part of the constructors comes later. */
  protected readonly freezing = new Set<ts.Node>();
  /** Whether the object may be frozen by now. */
  protected isFrozen = false;
  /** Where code of others was called, if this is one. */
  private handedAt: ts.Node | undefined;

  constructor(
    protected readonly cx: FunctionContext,
    protected readonly exact: ts.ClassLikeDeclaration,
  ) {
    this.names = new ObjectNames(cx, exact);
    for (let c: ts.ClassLikeDeclaration | undefined = exact; c; c = baseOf(cx, c)) this.chain.push(c);
    for (const c of this.chain) for (const name of fieldsOf(cx, c)) this.fields.add(name);
  }

  protected member(name: string, kind: 'method' | 'get' | 'set'): ts.Node | undefined {
    return findMember(this.cx, this.exact, name, kind, false);
  }
  protected inBase(n: ts.Node, name: string, kind: 'method' | 'get'): ts.Node | undefined {
    let c: ts.Node = n;
    while (!this.cx.ts.isClassLike(c)) c = c.parent;
    const base = baseOf(this.cx, c);
    return base && findMember(this.cx, base, name, kind, false);
  }
  /** Code of others runs: it has another `this`. */
  protected others(node: ts.Node, run: () => void): void {
    const before = [this.names.isOwnCode, this.handedAt] as const;
    this.names.isOwnCode = false;
    this.handedAt ??= node;
    run();
    [this.names.isOwnCode, this.handedAt] = before;
  }
  /** A field is read: whether it has a value, perhaps. */
  protected readField(name: string, node: ts.Node): void {
    this.refuseHidden(name, node);
    if (!this.flow.given.has(name)) this.early.add(name);
  }
  protected readAllFields(): void {
    for (const name of this.fields) if (!this.flow.given.has(name)) this.early.add(name);
  }

  /** Code without source may read all there is, and freeze it. */
  protected readAll(n: ts.Node): void {
    this.readAllFields();
    this.askKeys(n);
    this.isFrozen = true;
  }
  /** Until a class defines its field, what the classes that it extends have of the same name is seen; a private one is not there at all. */
  protected refuseHidden(name: string, node: ts.Node): void {
    if (this.flow.there.has(name)) return;
    const isSeen = this.chain.some((c) => hasOther(this.cx, c, name));
    if (!isSeen && !name.startsWith('#')) return;
    const of = this.exact.name?.text ?? 'the class';
    this.cx.refuse(
      'AD2013',
      this.handedAt ?? node,
      isSeen
        ? `\`${name}\` is used here while an instance of \`${of}\` is made, before the field of this name is there: a method or accessor of a base class is meant`
        : `\`${name}\` is used here while an instance of \`${of}\` is made, before it is there`,
      isSeen ? 'make a method or accessor of the field too' : 'use it when the constructors have run',
    );
  }
  /** A place that may ask for the keys of the object, or freeze it. */
  protected asked(n: ts.Node): void {
    for (const { of, only } of askedKeys(this.cx.state.hostOf(n), n))
      if (this.names.mayBeThis(of)) this.askKeys(n, only);
    const frozen = frozenBy(this.cx.state.hostOf(n), n);
    if (frozen && this.names.mayBeThis(frozen)) this.isFrozen = true;
  }
  private askKeys(node: ts.Node, only?: string): void {
    const absent = [...this.fields].filter((f) => !f.startsWith('#') && !this.flow.there.has(f));
    const [first] = only === undefined ? absent : absent.filter((f) => f === only);
    if (first === undefined) return;
    const of = this.exact.name?.text ?? 'a class';
    this.cx.refuse(
      'AD2013',
      this.handedAt ?? node,
      this.handedAt
        ? `what runs here may ask for the keys of an instance of \`${of}\` while it is made: \`${first}\` is not among them yet`
        : `the keys of an instance of \`${of}\` are asked for here while it is made: \`${first}\` is not among them yet`,
      this.handedAt
        ? 'hand the object on when the constructors have run'
        : 'ask for them when the constructors have run',
    );
  }
}

export const isField = ({ ts }: FunctionContext, m: ts.ClassElement): m is ts.PropertyDeclaration =>
  ts.isPropertyDeclaration(m) && !isStatic(ts, m) && isMade(ts, m);
export const constructorOf = (
  { ts }: FunctionContext,
  c: ts.ClassLikeDeclaration,
): ts.ConstructorDeclaration | undefined =>
  c.members.find(
    (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
  );
/** The fields that are parameters of the constructor. */
export function parameterFields(cx: FunctionContext, c: ts.ClassLikeDeclaration): string[] {
  const own = constructorOf(cx, c);
  const isOne = (p: ts.ParameterDeclaration): boolean =>
    own !== undefined && cx.ts.isParameterPropertyDeclaration(p, own);
  return own?.parameters.filter(isOne).map((p) => p.name.getText()) ?? [];
}
const fieldsOf = (cx: FunctionContext, c: ts.ClassLikeDeclaration): string[] => [
  ...parameterFields(cx, c),
  ...c.members.filter((m) => isField(cx, m)).map((m) => memberName(cx, m) ?? ''),
];
