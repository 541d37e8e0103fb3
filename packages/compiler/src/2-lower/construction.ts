/**
 * **Question**: which fields of an instance are read, written or counted before they are there, and in which order are they made?
 * **Method**: the constructors of its class and of those that it extends are followed in their order, into the methods that they call on
 * `this`, and into functions that are given `this`. Where it is kept somewhere (`list.push(this)`), what runs from then on is followed too:
 * whatever may be the object by its type is taken for it. **Gives up when** code without source is called: it
 * may read all fields.
 */
import { definesFields, keepsFields } from '../host/instances.js';
import type { ts } from '../host/ts.js';
import { baseOf, memberName } from './class-declarations.js';
import { ConstructionWalk } from './construction-walk.js';
import type { FunctionContext } from './context.js';
import { constructorOf, isField, parameterFields } from './unfinished-object.js';

/** What is known of the instances of a class while they are made. */
export interface Construction {
  /** Fields that are read, perhaps, before they have a value. */
  readonly early: ReadonlySet<string>;
  /** Fields that have a value when the constructor ends, whatever it did. */
  readonly given: ReadonlySet<string>;
  /** Fields without initialiser that have a value already when their class defines them, which makes them `undefined` again. */
  readonly reset: ReadonlySet<string>;
  /** The keys in the order in which they are made; and one that may have come before or behind others. */
  readonly order: readonly string[];
  readonly unsure: string | undefined;
  /** Where an instance may be frozen from then on: calls, and classes whose part of the constructors comes later. */
  readonly freezing: ReadonlySet<ts.Node>;
}

const known = new WeakMap<object, Map<ts.ClassLikeDeclaration, Construction>>();

/** How instances of exactly this class are made. */
export function constructionOf(cx: FunctionContext, d: ts.ClassLikeDeclaration): Construction {
  const all = known.get(cx.state) ?? new Map<ts.ClassLikeDeclaration, Construction>();
  known.set(cx.state, all);
  const made = all.get(d) ?? new Follower(cx, d).run();
  all.set(d, made);
  return made;
}
/** Whether a field of this name is read before it has a value in some class whose instances were made so far. */
export const isReadEarly = (cx: FunctionContext, name: string): boolean =>
  [...(known.get(cx.state)?.values() ?? [])].some((c) => c.early.has(name));

/** Whether an instance that is made may be frozen behind a call, or when the constructor of a class comes to the fields of its own. */
export const mayBeFrozenAt = (cx: FunctionContext, n: ts.Node): boolean =>
  [...(known.get(cx.state)?.values() ?? [])].some((c) => c.freezing.has(n));

/** Follows the constructors of a class in their order. */
class Follower extends ConstructionWalk {
  private readonly reset = new Set<string>();

  run(): Construction {
    this.construct(this.exact);
    const { given, order, unsure } = this.flow;
    return { early: this.early, given, reset: this.reset, order, unsure, freezing: this.freezing };
  }

  private construct(c: ts.ClassLikeDeclaration): void {
    const own = constructorOf(this.cx, c);
    const isDerived = c.heritageClauses?.some((h) => h.token === this.cx.ts.SyntaxKind.ExtendsKeyword);
    const keeps = keepsFields(this.cx.state.hostOf(c));
    if (!own) {
      const base = baseOf(this.cx, c);
      if (base) this.construct(base);
      this.initialise(c);
      return;
    }
    if (!isDerived && keeps) this.initialise(c);
    for (const p of own.parameters) if (p.initializer) this.walk(p.initializer);
    if (!isDerived) this.giveParameters(c);
    if (!isDerived && !keeps) this.initialise(c);
    this.body(own);
  }
  /** Behind `super(...)`. */
  protected afterSuper(c: ts.ClassLikeDeclaration): void {
    const base = baseOf(this.cx, c);
    if (base) this.construct(base);
    const keeps = keepsFields(this.cx.state.hostOf(c));
    if (keeps) this.initialise(c);
    this.giveParameters(c);
    if (!keeps) this.initialise(c);
  }
  private giveParameters(c: ts.ClassLikeDeclaration): void {
    for (const name of parameterFields(this.cx, c)) this.flow.give(name);
  }
  /** The fields of a class, in their order. */
  private initialise(c: ts.ClassLikeDeclaration): void {
    const host = this.cx.state.hostOf(c);
    if (this.isFrozen) this.freezing.add(c);
    if (keepsFields(host)) for (const name of parameterFields(this.cx, c)) this.flow.define(name);
    for (const m of c.members) {
      if (!isField(this.cx, m)) continue;
      const name = memberName(this.cx, m) ?? '';
      if (m.initializer) {
        this.value(name, m.initializer);
        this.flow.give(name);
      } else if (definesFields(host)) {
        if (this.flow.given.delete(name)) this.reset.add(name);
        this.flow.define(name);
      }
    }
  }
}
