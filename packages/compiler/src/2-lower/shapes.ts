/**
 * What the lowering knows of a TypeScript value. Functions are known statically and never become IR values: a call is
 * specialised for the functions among its arguments, and what those capture is passed as further arguments.
 */
import type { MarkerName, MarkerOptions } from '../host/marker.js';
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { NEVER, type Type, type ValueId } from '../ir/nodes.js';
import { CELL, slotType, typeKey } from '../ir/types.js';

/**
 * `pullback`: what `vjp` returns; `direction`: the derivative along a tangent of one argument; `checkpoint`: the function itself, to be
 * run again in the reverse sweep.
 */
export type DerivativeName = MarkerName | 'pullback' | 'direction' | 'tangent' | 'checkpoint';

export type Val =
  | {
      readonly kind: 'ir';
      readonly id: ValueId;
      /** It is the one object that this literal outside of the differentiated code makes. */
      readonly literal?: ts.ObjectLiteralExpression;
    }
  /** A captured variable that is assigned: a record with the one field `v`. */
  | { readonly kind: 'cell'; readonly ref: ValueId; readonly type: Type }
  /** A function in the scope that declares it: what it captures is looked up where it is used. */
  | { readonly kind: 'local'; readonly decl: FunctionNode }
  /** A function with what it captures. */
  | { readonly kind: 'closure'; readonly decl: FunctionNode; readonly captures: ReadonlyMap<ts.Symbol, Val> }
  | { readonly kind: 'math'; readonly name: string }
  /** A function of the language: `Number`, `String`, `Boolean`, `parseFloat` ... */
  | { readonly kind: 'builtin'; readonly name: string }
  /** `f.bind(self, ...args)`; without `self` for `undefined` and `null`. */
  | {
      readonly kind: 'bound';
      readonly of: Val;
      readonly self: Val | undefined;
      readonly args: readonly Val[];
    }
  /** What a marker gives for a function, or a function that such a derivative gives (`args`: where it was taken). */
  | {
      readonly kind: 'derivative';
      readonly of: Val;
      readonly what: DerivativeName;
      readonly options: MarkerOptions;
      readonly args: readonly Val[];
    }
  /** A function with a derivative rule of the user's, by the variable that holds it; `made`: the call that made it. */
  | { readonly kind: 'custom'; readonly symbol: ts.Symbol; readonly made: ts.Expression }
  /** What such a rule says of cotangents or tangents, as a function of the arguments and a list of numbers (`rule-source`). */
  | RuleMap
  /** A class by its name. */
  | {
      readonly kind: 'class';
      readonly decl: ts.ClassLikeDeclaration;
      readonly captures: ReadonlyMap<ts.Symbol, Val>;
    }
  /** The result of a function that returns nothing, or an argument that is not given. */
  | { readonly kind: 'missing' }
  /** Branches left different functions here. */
  | { readonly kind: 'conflict'; readonly why: string };

export interface RuleMap {
  readonly kind: 'ruleMap';
  readonly symbol: ts.Symbol;
  readonly made: ts.Expression;
  readonly mode: 'pull' | 'push';
  /** How many arguments the function is given. */
  readonly count: number;
  /** What it gives. */
  readonly result: Type;
}

/** Why a value is in conflict that was reported where it arose: its uses have nothing to add. */
export const REPORTED = 'it was refused above';

export type Env = Map<ts.Symbol, Val>;

/** Stands for `arguments` among the variables. */
export const ARGUMENTS = { name: 'args' } as unknown as ts.Symbol;
/** Stands for `this` among the variables. */
export const THIS = { name: 'self' } as unknown as ts.Symbol;

export type Shape =
  /**
   * `sure`: an object on every path, never `undefined`; `element`: one that may be missing whatever its type says, where
   * something catches what is thrown then; `stopped`: seen through `stopGradient`.
   */
  | {
      readonly kind: 'ir';
      readonly type: Type;
      readonly stopped: boolean;
      readonly sure?: boolean;
      readonly element?: boolean;
      readonly literal?: ts.ObjectLiteralExpression;
    }
  /** `record`: the type of the cell, with what is known of the place where it is made. */
  | { readonly kind: 'cell'; readonly record: Type }
  | { readonly kind: 'local'; readonly decl: FunctionNode }
  | {
      readonly kind: 'closure';
      readonly decl: FunctionNode;
      readonly captures: readonly (readonly [ts.Symbol, Shape])[];
    }
  | { readonly kind: 'math'; readonly name: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'custom'; readonly symbol: ts.Symbol; readonly made: ts.Expression }
  | RuleMap
  | {
      readonly kind: 'bound';
      readonly of: Shape;
      readonly self: Shape | undefined;
      readonly args: readonly Shape[];
    }
  | {
      readonly kind: 'derivative';
      readonly of: Shape;
      readonly what: DerivativeName;
      readonly options: MarkerOptions;
      readonly args: readonly Shape[];
    }
  | {
      readonly kind: 'class';
      readonly decl: ts.ClassLikeDeclaration;
      readonly captures: readonly (readonly [ts.Symbol, Shape])[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'conflict'; readonly why: string };

/** What is known of values. */
export interface Values {
  type(id: ValueId): Type;
  isStopped(id: ValueId): boolean;
}
/** Splits a value into its static shape and the IR values in it. */
export function flatten(
  v: Val,
  of: Values,
  isSure: (id: ValueId) => boolean = () => false,
  isElement: (id: ValueId) => boolean = () => false,
): { shape: Shape; ids: ValueId[] } {
  switch (v.kind) {
    case 'ir': {
      const known = isSure(v.id) ? { sure: true } : isElement(v.id) ? { element: true } : {};
      const more = { ...known, ...(v.literal ? { literal: v.literal } : {}) };
      return {
        shape: { kind: 'ir', type: of.type(v.id), stopped: of.isStopped(v.id), ...more },
        ids: [v.id],
      };
    }
    case 'cell':
      return { shape: { kind: 'cell', record: of.type(v.ref) }, ids: [v.ref] };
    case 'closure':
    case 'class': {
      const ids: ValueId[] = [];
      const captures: [ts.Symbol, Shape][] = [];
      for (const [symbol, inner] of v.captures) {
        const f = flatten(inner, of);
        ids.push(...f.ids);
        captures.push([symbol, f.shape]);
      }
      return { shape: { ...v, captures } as Shape, ids };
    }
    case 'derivative': {
      const parts = [v.of, ...v.args].map((x) => flatten(x, of));
      const [inner, ...args] = parts.map((p) => p.shape);
      return { shape: { ...v, of: inner, args }, ids: parts.flatMap((p) => p.ids) };
    }
    case 'bound': {
      const parts = [v.of, ...(v.self ? [v.self] : []), ...v.args].map((x) => flatten(x, of));
      const [inner, ...rest] = parts.map((p) => p.shape);
      const self = v.self ? rest[0] : undefined;
      return {
        shape: { kind: 'bound', of: inner, self, args: v.self ? rest.slice(1) : rest },
        ids: parts.flatMap((p) => p.ids),
      };
    }
    default:
      return { shape: v, ids: [] };
  }
}

/** Whether what was refused is among the parts of a value. */
export function usesRefused(v: Val): boolean {
  switch (v.kind) {
    case 'closure':
    case 'class':
      return [...v.captures.values()].some(usesRefused);
    case 'derivative':
      return [v.of, ...v.args].some(usesRefused);
    case 'bound':
      return [v.of, ...(v.self ? [v.self] : []), ...v.args].some(usesRefused);
    default:
      return v.kind === 'conflict' && v.why === REPORTED;
  }
}

export const cellType = (type: Type): Type => ({
  kind: 'record',
  fields: [{ key: CELL, type }],
  tuple: false,
});

/** Rebuilds a value of a shape; `fresh` gives the next IR value of the given type. */
export function unflatten(
  shape: Shape,
  fresh: (type: Type, sure: boolean, stopped: boolean, element: boolean) => ValueId,
): Val {
  switch (shape.kind) {
    case 'ir': {
      const id = fresh(shape.type, shape.sure === true, shape.stopped, shape.element === true);
      const { literal } = shape;
      return { kind: 'ir', id, ...(literal ? { literal } : {}) };
    }
    case 'cell':
      return {
        kind: 'cell',
        ref: fresh(shape.record, true, false, false),
        type: slotType(shape.record, CELL) ?? NEVER,
      };
    case 'closure':
    case 'class': {
      const captures = new Map(shape.captures.map(([s, inner]) => [s, unflatten(inner, fresh)] as const));
      return { ...shape, captures } as Val;
    }
    case 'derivative': {
      const of = unflatten(shape.of, fresh);
      return { ...shape, of, args: shape.args.map((a) => unflatten(a, fresh)) };
    }
    case 'bound': {
      const of = unflatten(shape.of, fresh);
      const self = shape.self && unflatten(shape.self, fresh);
      return { kind: 'bound', of, self, args: shape.args.map((a) => unflatten(a, fresh)) };
    }
    default:
      return shape;
  }
}

const nodeIds = new WeakMap<object, number>();
let nextNodeId = 0;
/** A number that identifies a node or symbol within this process (never printed). */
export function identity(node: object): number {
  let id = nodeIds.get(node);
  if (id === undefined) nodeIds.set(node, (id = nextNodeId++));
  return id;
}

/** Which derivative, as text. */
export const derivativeKey = (s: { readonly what: string; readonly options: MarkerOptions }): string =>
  `${s.what}${JSON.stringify(s.options)}`;

/** Equal for equal shapes: the key under which a specialised function is found again. */
export function shapeKey(s: Shape): string {
  switch (s.kind) {
    case 'ir':
      return `${s.stopped ? '!' : ''}${s.sure ? '+' : ''}${s.element ? '?' : ''}${s.literal ? `=${identity(s.literal)}:` : ''}${typeKey(s.type)}`;
    case 'cell':
      return `cell(${typeKey(s.record)})`;
    case 'local':
      return `local#${identity(s.decl)}`;
    case 'class':
    case 'closure':
      return `fn#${identity(s.decl)}(${s.captures.map(([y, c]) => `${identity(y)}=${shapeKey(c)}`).join(',')})`;
    case 'math':
      return `Math.${s.name}`;
    case 'builtin':
      return `builtin.${s.name}`;
    case 'custom':
      return `custom#${identity(s.symbol)}`;
    case 'ruleMap':
      return `${s.mode}#${identity(s.symbol)}`;
    case 'derivative':
      return `${derivativeKey(s)}(${shapeKey(s.of)};${s.args.map(shapeKey).join(',')})`;
    case 'bound':
      return `bound(${shapeKey(s.of)};${s.self ? shapeKey(s.self) : ''};${s.args.map(shapeKey).join(',')})`;
    default:
      return s.kind;
  }
}

/** Whether two values are one, whatever way they came. */
export function sameVal(a: Val, b: Val): boolean {
  if (a === b) return true;
  if (a.kind === 'ir' && b.kind === 'ir') return a.id === b.id;
  if (a.kind === 'cell' && b.kind === 'cell') return a.ref === b.ref;
  if (a.kind === 'local' && b.kind === 'local') return a.decl === b.decl;
  if (a.kind === 'math' && b.kind === 'math') return a.name === b.name;
  if (a.kind === 'builtin' && b.kind === 'builtin') return a.name === b.name;
  if (a.kind === 'custom' && b.kind === 'custom') return a.symbol === b.symbol;
  if (a.kind === 'ruleMap' && b.kind === 'ruleMap') return a.symbol === b.symbol && a.mode === b.mode;
  if (a.kind === 'class' && b.kind === 'class') return a.decl === b.decl;
  if (a.kind === 'closure' && b.kind === 'closure')
    return (
      a.decl === b.decl &&
      [...a.captures].every(([k, v]) => sameVal(v, b.captures.get(k) ?? v) && b.captures.has(k))
    );
  if (a.kind === 'derivative' && b.kind === 'derivative')
    return (
      derivativeKey(a) === derivativeKey(b) &&
      sameVal(a.of, b.of) &&
      a.args.length === b.args.length &&
      a.args.every((x, k) => sameVal(x, b.args[k]))
    );
  return a.kind === 'missing' && b.kind === 'missing';
}
