/**
 * Derivatives inside differentiated code. A marker call gives a function value that knows what it is the derivative of; a call of
 * that value becomes a call of the derivative of an IR function, which `nested-derivatives` makes. Forms with more structure
 * (`hvp`, `hessian`, Jacobians) are put together from the two modes.
 */
import { readOptions } from '../1-discover/options.js';
import { MARKERS, type MarkerName, PLAIN } from '../host/marker.js';
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type NestedDerivative, NUMBER, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { gradientType, isPlainTree } from '../ir/type-questions.js';
import { carriesDerivative, isLeaf, isRef, refType, slotType } from '../ir/types.js';
import { type Arg, asArgs, irVal, tupleLength } from './args.js';
import { arrayOf } from './array-literals.js';
import { callValue } from './call-values.js';
import { callAgain } from './checkpoints.js';
import type { FunctionContext } from './context.js';
import { type DerivativeTarget, derivativeTarget } from './derivative-target.js';
import { lowerExpression } from './expressions.js';
import { functionsOf, isFunctionVal, settled } from './functions.js';
import type { Val } from './shapes.js';
import { snapshot, snapshotOf } from './snapshots.js';
import { isMarker } from './statics.js';

type Derivative = Val & { kind: 'derivative' };

/** The marker that an expression names. */
export function markerOf(cx: FunctionContext, e: ts.Expression): MarkerName | 'checkpoint' | undefined {
  if (cx.isLibrary) return undefined;
  if (isMarker(cx, e, 'checkpoint')) return 'checkpoint';
  const name = symbolOf(cx.host, e)?.name;
  return name !== undefined && MARKERS.has(name) && isMarker(cx, e, name) ? (name as MarkerName) : undefined;
}
export function isMarkerCall(cx: FunctionContext, e: ts.Expression): boolean {
  const x = skipWrappers(cx.ts, e);
  return cx.ts.isCallExpression(x) && markerOf(cx, skipWrappers(cx.ts, x.expression)) !== undefined;
}

/** `grad(f)` and the like as a value. */
export function lowerMarker(
  cx: FunctionContext,
  marker: MarkerName | 'checkpoint',
  e: ts.CallExpression,
): Val {
  const [f, given] = e.arguments;
  if (!f || cx.ts.isSpreadElement(f))
    return cx.refuse('AD1001', e, `\`${marker}\` needs the function to differentiate`);
  const of = settled(cx, lowerExpression(cx, f));
  if (!isFunctionVal(of) && !(of.kind === 'ir' && functionsOf(cx, of.id))) {
    if (of.kind === 'conflict') return cx.refuseConflict(of.why, f);
    return cx.refuse('AD1001', f, `the function passed to \`${marker}\` is not statically known`);
  }
  if (marker === 'checkpoint') return { kind: 'derivative', of, what: marker, options: PLAIN, args: [] };
  const options = readOptions(cx.host, marker, given);
  if ('code' in options) return cx.refuse(options.code, options.node, options.message);
  if (options.backend === 'tape')
    return cx.refuse('AD1006', given ?? e, 'a marker inside differentiated code has no tape');
  return { kind: 'derivative', of, what: marker, options, args: [] };
}

/** Calls what a marker gave. */
export function callDerivative(
  cx: FunctionContext,
  f: Derivative,
  given: readonly Arg[],
  e: ts.Expression,
): Val {
  if (f.what === 'checkpoint') return callAgain(cx, f.of, given, e);
  const spread = given.findIndex((a) => a.spread);
  const listed = f.what === 'jvp' || f.what === 'pullback' || f.what === 'direction' || f.what === 'gradInto';
  if (spread >= 0 && (spread < given.length - 1 || listed))
    cx.refuse('AD2011', e, 'the arguments of this derivative must be written out here');
  const args = given.map((a) => a.v);
  const call = new DerivativeCall(cx, f, e, spread >= 0);
  switch (f.what) {
    case 'grad':
      return call.gradients(call.reverse(args).gradients);
    case 'valueAndGrad': {
      const { value, gradients } = call.reverse(args);
      return call.tuple([value, cx.ir(call.gradients(gradients), e)], 'value and gradient');
    }
    case 'gradInto':
      return call.into(args);
    case 'jvp':
      return call.forwardPair(given);
    case 'vjp':
      return call.valueAndPullback(args);
    case 'pullback':
      return call.pullback(args);
    case 'hvp':
      return call.hvp(args);
    case 'direction':
      return call.direction(args);
    case 'tangent':
      return call.tangentAlong(args);
    case 'hessian':
      return call.hessian(args);
    case 'jacfwd':
    case 'jacrev':
    case 'jacobian':
      return call.jacobian(args);
    case 'sparseJacobian':
    case 'sparseHessian':
      return cx.refuse(
        'AD1010',
        e,
        `\`${f.what}\` cannot be called inside differentiated code; call \`jvp\` or \`hvp\``,
      );
  }
}

class DerivativeCall {
  constructor(
    readonly cx: FunctionContext,
    readonly f: Derivative,
    readonly e: ts.Expression,
    /** The last argument is a list of arguments. */
    readonly spread = false,
  ) {}

  tuple(ids: readonly ValueId[], what: string): Val {
    return irVal(arrayOf(this.cx, ids, this.e, false, what));
  }
  /** One gradient, or the parts of it that are asked for, or a tuple of them. */
  gradients(ids: readonly ValueId[]): Val {
    const { single, wrt } = this.f.options;
    if (wrt) return irVal(this.parts(ids[0], wrt, ''));
    return single ? irVal(ids[0]) : this.tuple(ids, 'gradients');
  }
  /** An object with the parts of a gradient that some paths lead to. */
  private parts(gradient: ValueId, paths: readonly (readonly string[])[], at: string): ValueId {
    const { cx, e } = this;
    if (paths.some((path) => path.length === 0)) return gradient;
    const t = refType(cx.type(gradient));
    const keys = [...new Set(paths.map(([key]) => key))];
    if (t?.kind !== 'record' || keys.some((key) => !slotType(t, key)))
      return cx.refuse('AD1002', e, `\`wrt\` names \`${at}${keys[0]}\`, where the argument has no numbers`);
    const args = keys.map((key) => {
      const inner = paths.filter((path) => path[0] === key).map((path) => path.slice(1));
      return this.parts(cx.load(gradient, { key }, e), inner, `${at}${key}.`);
    });
    const fields = keys.map((key, k) => ({ key, type: cx.type(args[k]) }));
    const type = cx.site(`gradient ${at}`, e, () => ({ kind: 'record', tuple: false, fields })) as RecordType;
    for (const { key, type: part } of fields) void cx.state.inference.store(type, key, part);
    const id = cx.fresh(type, e);
    cx.emit({ kind: 'literal', type, args, results: [id], span: cx.span(e) });
    return id;
  }
  private undefined(): ValueId {
    return this.cx.constant(undefined, this.e);
  }

  // ------------------------------------------------------------------ the two modes

  /** The call of a derivative. `wanted`: positions of arguments. */
  private call(
    target: DerivativeTarget,
    wanted: readonly number[],
    spec: Omit<NestedDerivative, 'wanted' | 'ordered'>,
    given: readonly ValueId[],
    types: readonly Type[],
  ): ValueId[] {
    const { cx, e } = this;
    const { inference } = cx.state;
    inference.noteDerivative(spec.mode);
    const results = types.map((t) => cx.fresh(t, e));
    const positions = wanted.map((k) => target.positions[k]!);
    const derivative = { ...spec, wanted: positions, ordered: inference.keyOrderMatters };
    const args = [...target.ids, ...given];
    cx.emit({ kind: 'call', callee: target.callee, args, results, derivative, span: cx.span(e) });
    return results;
  }

  /** The arguments that are differentiated, as far as they are there. */
  private wantedOf(target: DerivativeTarget, positions: readonly number[]): number[] {
    const { cx, e } = this;
    return positions.filter((k) => {
      if (k >= target.positions.length) return false;
      const at = target.positions[k];
      const type = at === undefined ? undefined : cx.type(target.ids[at]);
      if (type?.kind === 'nullish') return false;
      if (!type || !carriesDerivative(type))
        return cx.refuse('AD1003', e, `argument ${k} of the inner derivative has no numeric leaves`);
      this.mustBePlain(type);
      return true;
    });
  }
  private mustBePlain(type: Type): void {
    if (!isPlainTree(type))
      this.cx.refuse(
        'AD1010',
        this.e,
        'a derivative in a map, in a type that contains itself, or in fields of several kinds, cannot be taken inside differentiated code',
      );
  }

  /** Value and gradients of a function that returns a number; with `aux` of one that returns a number and more. */
  reverse(args: readonly Val[], positions: readonly number[] = this.f.options.argnums) {
    const { cx, e, f } = this;
    const target = derivativeTarget(cx, f.of, args, e, { spread: this.spread, givesNumber: !f.options.aux });
    const seeds = f.options.aux ? [this.lossAlone(target.result)] : [];
    if (!f.options.aux && target.result.kind !== 'number' && target.result.kind !== 'never')
      cx.refuse('AD1004', e, 'the function whose gradient is taken here does not return a number');
    const last = this.spread ? args.length - 1 : Number.POSITIVE_INFINITY;
    const wanted = this.wantedOf(target, [...new Set(positions.map((k) => Math.min(k, last)))]);
    const types = wanted.map((k) => gradientType(cx.type(target.ids[target.positions[k]!])));
    const [value, ...found] = this.call(
      target,
      wanted,
      { mode: 'reverse', seeded: f.options.aux, repeated: false },
      seeds,
      [f.options.aux ? target.result : NUMBER, ...types],
    );
    const gradients = positions.map((k) => {
      const own = found[wanted.indexOf(Math.min(k, last))];
      if (own === undefined) return this.undefined();
      return k < last ? own : cx.load(own, { index: cx.constant(k - last, e) }, e);
    });
    return { value, gradients };
  }

  /** The cotangent of a result `[loss, extra]` that asks for the gradient of the loss. */
  private lossAlone(result: Type): ValueId {
    const { cx, e } = this;
    const loss = slotType(result, '0');
    if (result.kind !== 'never' && loss?.kind !== 'number' && loss?.kind !== 'never')
      cx.refuse('AD1004', e, '`aux` needs a function that returns a tuple `[loss, extra]`');
    this.mustBePlain(result);
    return cx.ir(this.tuple([cx.constant(1, e)], 'cotangent of the loss'), e);
  }

  /** Value and tangent, along tangents of some arguments. */
  private forward(
    args: readonly Val[],
    tangents: readonly (Val | undefined)[],
    repeated = false,
  ): [ValueId, ValueId] {
    const { cx, e, f } = this;
    const target = derivativeTarget(cx, f.of, args, e, this);
    const given = tangents.flatMap((t, k) => (t === undefined || t.kind === 'missing' ? [] : [k]));
    const wanted = given.filter((k) => {
      const at = target.positions[k];
      return at !== undefined && carriesDerivative(cx.type(target.ids[at]));
    });
    for (const k of wanted) this.mustBePlain(cx.type(target.ids[target.positions[k]!]));
    this.mustBePlain(target.result);
    const types = [target.result, gradientType(target.result)];
    const ids = wanted.map((k) => this.tangent(target, k, cx.ir(tangents[k]!, e)));
    const [value, tangent] = this.call(
      target,
      wanted,
      { mode: 'forward', seeded: false, repeated },
      ids,
      types,
    );
    return [value, tangent];
  }
  /** A tangent must have the kind of its primal. */
  private tangent(target: DerivativeTarget, k: number, given: ValueId): ValueId {
    const { cx, e } = this;
    const [a, b] = [cx.type(target.ids[target.positions[k]!]), cx.type(given)];
    const fits = isLeaf(a) ? isLeaf(b) : isRef(b) || b.kind === 'nullish';
    if (!fits && b.kind !== 'never')
      cx.refuse('AD3003', e, `the tangent of argument ${k} does not have its shape`);
    return given;
  }

  // ------------------------------------------------------------------ markers

  /** `jvp(f)(primals, tangents)`. */
  forwardPair(given: readonly Arg[]): Val {
    const [primals, tangents] = given.map((a) => this.elements(a));
    if (!primals || !tangents) return this.cx.refuse('AD2011', this.e, '`jvp` takes primals and tangents');
    return this.tuple(this.forward(primals, tangents), 'value and tangent');
  }
  /** The elements of a list of arguments. */
  private elements(a: Arg): Val[] {
    const { cx } = this;
    const id = cx.ir(a.v, a.node);
    const t = refType(cx.type(id));
    if (t?.kind === 'record' && t.tuple)
      return t.fields.map((f) => irVal(cx.load(id, { key: f.key }, a.node)));
    const list = skipWrappers(cx.ts, a.node);
    const written = cx.ts.isArrayLiteralExpression(list) && !list.elements.some(cx.ts.isSpreadElement);
    const n = written ? (list as ts.ArrayLiteralExpression).elements.length : tupleLength(cx, a.node);
    if (t?.kind !== 'array' || n === undefined)
      return cx.refuse('AD2011', a.node, 'the number of arguments in this list is not known');
    return Array.from({ length: n }, (_, k) => irVal(cx.load(id, { index: cx.constant(k, a.node) }, a.node)));
  }

  /** `hvp(f)(x, v, ...rest)`: the gradient along `v`. */
  hvp([x, v, ...rest]: readonly Val[]): Val {
    if (!x || !v) return this.cx.refuse('AD2011', this.e, '`hvp` takes the argument and a vector');
    const gradient: Derivative = { ...this.f, what: 'grad', options: PLAIN };
    return irVal(
      new DerivativeCall(this.cx, { ...this.f, of: gradient }, this.e, this.spread).forward(
        [x, ...rest],
        [v],
      )[1],
    );
  }

  /** Of `(x, v, ...rest)`: the derivative of the function in `x` along `v`. */
  tangentAlong([x, v, ...rest]: readonly Val[]): Val {
    return irVal(this.forward([x, ...rest], [v])[1]);
  }

  /** `vjp(f)(...args)`: the pullback runs the function again, on what it was given then. */
  valueAndPullback(args: readonly Val[]): Val {
    const { cx, e, f } = this;
    const kept = args.map((a) => snapshot(cx, a, e));
    const of = snapshotOf(cx, f.of, e);
    if (this.spread) cx.refuse('AD2011', e, 'the arguments of `vjp` must be written out here');
    const value = callValue(cx, f.of, asArgs(args, e), e, undefined);
    const pullback: Derivative = { ...f, of, what: 'pullback', args: kept };
    return this.tuple([cx.ir(value, e), cx.ir(pullback, e)], 'value and pullback');
  }
  pullback([cotangent]: readonly Val[]): Val {
    const { cx, e, f } = this;
    const all = this.cotangents(
      cotangent ?? { kind: 'missing' },
      f.args.map((_, k) => k),
    );
    return this.tuple(
      all.map((g) => g ?? cx.constant(undefined, e)),
      'gradients of the arguments',
    );
  }
  /** The gradients of some arguments for a cotangent of the result. */
  private cotangents(cotangent: Val, positions: readonly number[]): (ValueId | undefined)[] {
    const { cx, e, f } = this;
    this.mustRepeat();
    const args = f.args.map((a) => snapshot(cx, a, e));
    const target = derivativeTarget(cx, snapshotOf(cx, f.of, e), args, e, this);
    this.mustBePlain(target.result);
    const wanted = positions.filter((k) => {
      const at = target.positions[k];
      if (at === undefined || !carriesDerivative(cx.type(target.ids[at]))) return false;
      this.mustBePlain(cx.type(target.ids[at]));
      return true;
    });
    const types = wanted.map((k) => gradientType(cx.type(target.ids[target.positions[k]!])));
    const seed = cx.ir(cotangent, e);
    const spec = { mode: 'reverse', seeded: true, repeated: true } as const;
    const [, ...found] = this.call(target, wanted, spec, [seed], [target.result, ...types]);
    return positions.map((k) => found[wanted.indexOf(k)]);
  }

  /** Variables outside that the program assigns are not part of what a derivative is taken at. */
  private mustRepeat(): void {
    const { cx, e } = this;
    if (cx.state.inference.outerWrites.size > 0)
      cx.refuse(
        'AD1010',
        e,
        'a function would run again for this derivative, and a variable outside may have changed',
      );
  }

  /** The derivative at `args` along a tangent of one of them. */
  direction([v]: readonly Val[]): Val {
    const { cx, e, f } = this;
    this.mustRepeat();
    const args = f.args.map((a) => snapshot(cx, a, e));
    const call = new DerivativeCall(cx, { ...f, of: snapshotOf(cx, f.of, e) }, e);
    const tangents = args.map((_, k) => (k === f.options.argnums[0] ? v : undefined));
    return irVal(call.forward(args, tangents, true)[1]);
  }

  // ------------------------------------------------------------------ matrices

  /** The columns of the derivative of `of` in one argument, a number or a list of numbers. */
  private columns(of: Val, args: readonly Val[], k: number): Val {
    const { cx, e, f } = this;
    const x = args[k];
    if (!x) return cx.refuse('AD1002', e, `\`argnums\` names argument ${k}, which is not given`);
    if (this.spread) cx.refuse('AD2011', e, 'the arguments of this derivative must be written out here');
    const along: Derivative = { ...f, of, what: 'direction', options: { ...PLAIN, argnums: [k] }, args };
    const type = cx.type(cx.ir(x, e));
    if (type.kind === 'number')
      return callValue(cx, along, asArgs([irVal(cx.constant(1, e))], e), e, undefined);
    this.mustBeList(type);
    return cx.callLibrary('__columns', [along, x], e);
  }
  private mustBeList(type: Type): void {
    const isList = type.kind === 'array' && type.storage !== 'keyed' && type.elem.kind === 'number';
    if (!isList && type.kind !== 'never')
      this.cx.refuse(
        'AD1010',
        this.e,
        'a matrix of derivatives is made for a number or a list of numbers here',
      );
  }

  hessian(args: readonly Val[]): Val {
    const k = this.f.options.argnums[0];
    const gradient: Derivative = { ...this.f, what: 'grad', options: { ...PLAIN, argnums: [k] } };
    // symmetric: its columns are its rows
    const columns = this.columns(gradient, args, k);
    this.runOnce(args);
    return columns;
  }

  jacobian(args: readonly Val[]): Val {
    const { cx, e, f } = this;
    const { result } = derivativeTarget(cx, f.of, args, e, this);
    if (result.kind === 'number') return this.gradients(this.reverse(args).gradients);
    const parts = f.options.argnums.map((k) => {
      const columns = this.columns(f.of, args, k);
      const x = args[k];
      if (x.kind === 'ir' && cx.type(x.id).kind === 'number') return columns;
      this.mustBeList(result);
      return cx.callLibrary('__transpose', [columns, x], e);
    });
    this.runOnce(args);
    return this.gradients(parts.map((p) => cx.ir(p, e)));
  }
  /** Matrices are computed on copies: one run leaves the arguments as the function does. */
  private runOnce(args: readonly Val[]): void {
    callValue(this.cx, this.f.of, asArgs(args, this.e), this.e, undefined);
  }

  // ------------------------------------------------------------------ gradInto

  into([out, ...args]: readonly Val[]): Val {
    const { cx, e, f } = this;
    if (!out) return cx.refuse('AD2011', e, '`gradInto` takes the object to write to');
    const { value, gradients } = this.reverse(args);
    const to = cx.ir(out, e);
    const write = f.options.accumulate ? '__addAt' : '__put';
    gradients.forEach((g, k) => {
      const type = cx.type(g);
      if (type.kind === 'number') this.writeNumber(to, f.options.single ? 0 : k, g);
      else if (type.kind !== 'nullish') {
        this.mustBeList(type);
        const slot = f.options.single ? to : cx.ir(this.slot(to, k), e);
        cx.callLibrary(write === '__put' ? '__copyTo' : '__addTo', [irVal(slot), irVal(g)], e);
      }
    });
    return irVal(value);
  }
  private slot(to: ValueId, k: number): Val {
    const { cx, e } = this;
    const t = refType(cx.type(to));
    return irVal(cx.load(to, t?.kind === 'array' ? { index: cx.constant(k, e) } : { key: String(k) }, e));
  }
  private writeNumber(to: ValueId, k: number, g: ValueId): void {
    const { cx, e, f } = this;
    const t = refType(cx.type(to));
    const sum = f.options.accumulate ? cx.scalar('add', [cx.number(cx.ir(this.slot(to, k), e), e), g], e) : g;
    cx.store(to, t?.kind === 'array' ? { index: cx.constant(k, e) } : { key: String(k) }, sum, e);
  }
}
