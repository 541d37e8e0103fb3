/**
 * Calls of functions with a derivative rule of the user's (`customVjp`, `customJvp`). The rule runs as it is. What is differentiated
 * around it is a list of all numbers of the arguments, made before the call, and a list of those of the value, of which the result
 * is made: the two helpers `applyRule` and `ruleValues` stand between them.
 */
import { isRuleCall } from '../host/known-functions.js';
import { declarationOf, packageNameOf } from '../host/packages.js';
import { isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { isAssignedAgain } from '../host/writes.js';
import { type LoweredRule, NUMBER, OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { schemaText } from '../ir/schema.js';
import { carriesDerivative, plainArray, present } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { typedFrom } from './array-constructors.js';
import type { FunctionContext } from './context.js';
import { isFunctionVal } from './functions.js';
import { lowerRule, type RuleArg } from './rule-source.js';
import { fieldsOf, isTree, RuleTrees, rankOf } from './rule-trees.js';
import type { Val } from './shapes.js';

/**
 * The function with a rule that a `const` of a module holds. A package's function goes by its declaration, which has its types and
 * says from where it is imported: by `declared`, the name that the user's program has for it, or by the one beside its source.
 */
export function ruleFunction(cx: FunctionContext, d: ts.Declaration, declared?: ts.Symbol): Val | undefined {
  const { ts } = cx;
  if (!ts.isVariableDeclaration(d) || !d.initializer) return undefined;
  const host = cx.state.hostOf(d);
  const own = symbolOf(host, d.name);
  const init = d.initializer;
  if (!own || !isRuleCall(host, init)) return undefined;
  // bundlers write `var`
  if (!isConst(ts, d) && (!host.untyped || isAssignedAgain(host, own))) return undefined;
  const isTyped = declared?.valueDeclaration?.getSourceFile().isDeclarationFile;
  const symbol = isTyped ? declared : host.untyped ? (declarationOf(cx.state.host, own) ?? own) : own;
  return { kind: 'custom', symbol, made: init };
}

/**
 * A function without source, named in its own rule: it stands for itself with that rule, which is all that is known of its
 * derivative.
 */
export function namedInOwnRule(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val | undefined {
  for (let n = e.parent; n; n = n.parent)
    if (cx.ts.isVariableDeclaration(n) && n.initializer && withoutRules(cx, n.initializer) === symbol)
      return ruleFunction(cx, n);
  return undefined;
}
/** The function that rules are given to. */
function withoutRules(cx: FunctionContext, made: ts.Expression): ts.Symbol | undefined {
  let f = made;
  while (isRuleCall(cx.host, f)) f = (skipWrappers(cx.ts, f) as ts.CallExpression).arguments[0];
  return f === made ? undefined : symbolOf(cx.host, skipWrappers(cx.ts, f));
}

export function callWithRule(
  cx: FunctionContext,
  f: Val & { kind: 'custom' },
  args: readonly Arg[],
  e: ts.Expression,
): Val {
  if (args.some((a) => a.spread || isFunctionVal(a.v)))
    cx.refuse(
      'AD4007',
      e,
      `\`${f.symbol.name}\` has a derivative rule: it takes numbers, arrays and objects one by one`,
    );
  if (cx.catches)
    cx.refuse(
      'AD4007',
      e,
      `\`${f.symbol.name}\` has a derivative rule, which may throw, and is called in \`try\``,
      'call it outside of `try`',
    );
  const { count, result } = signatureOf(cx, f.symbol, e);
  args = args.slice(0, count);
  const ids = args.map((a) => cx.ir(a.v, a.node));
  const types = ids.map((id) => cx.type(id));
  if ([...types, result].some((t) => t.kind === 'never')) cx.giveUp(e);
  for (const [k, t] of types.entries())
    mustBeTree(cx, t, args[k].node, `argument ${k} of this function with a derivative rule`);
  mustBeTree(cx, result, e, 'the result of this function with a derivative rule');
  const given = ids.map((id) => ({ id, stopped: cx.isStopped(id) }));
  return new RuleCall(cx, f, e, count).run(given, types, result);
}

/** How many arguments the function takes, and what it gives. */
function signatureOf(
  cx: FunctionContext,
  symbol: ts.Symbol,
  e: ts.Node,
): { readonly count: number; readonly result: Type } {
  const d = symbol.valueDeclaration!;
  const host = cx.state.hostOf(d);
  if (host.untyped)
    return cx.refuse(
      'AD4007',
      e,
      `the declaration of \`${symbol.name}\`, which has a derivative rule, is not part of the program`,
      'import something of its package in a file of the program',
    );
  const [signature] = host.checker.getTypeOfSymbol(symbol).getCallSignatures();
  if (!signature || signature.typeParameters)
    return cx.refuse(
      'AD4007',
      e,
      `the type of \`${symbol.name}\` does not say what its derivative rule gives`,
    );
  const type = outsideType(host, signature.getReturnType(), d);
  const last = signature.parameters.at(-1)?.valueDeclaration;
  const hasRest = last !== undefined && cx.ts.isParameter(last) && last.dotDotDotToken !== undefined;
  return {
    count: hasRest ? Number.POSITIVE_INFINITY : signature.parameters.length,
    result: type instanceof UnsupportedType ? OPAQUE : type,
  };
}

/** Numbers, arrays of numbers of up to three dimensions, and plain objects and tuples of these. */
function mustBeTree(cx: FunctionContext, t: Type, node: ts.Node, what: string): void {
  if (!carriesDerivative(t) || isTree(t)) return;
  cx.refuse('AD4007', node, `${what} is not made of numbers, arrays of numbers and plain objects of these`);
}

/**
 * A call of a function that `ravel` gave, which goes by its type: what it makes has the numbers of the vector, at places that the run
 * time tells.
 */
export function callUnravel(
  cx: FunctionContext,
  f: Val,
  args: readonly Arg[],
  e: ts.CallExpression,
): Val | undefined {
  if (f.kind !== 'ir' || args.length !== 1 || args[0].spread || !isUnravel(cx, e.expression))
    return undefined;
  const [{ v, node }] = args;
  const flat = cx.ir(v, node);
  if (cx.isStopped(flat)) return undefined;
  if (rankOf(present(cx.type(flat))) !== 1) return undefined;
  const type = outsideType(cx.host, cx.host.checker.getTypeAtLocation(e), e);
  const result = type instanceof UnsupportedType ? OPAQUE : type;
  if (!carriesDerivative(result)) return undefined;
  mustBeTree(cx, result, e, 'what `ravel` was given');
  const call = new OpaqueCall(cx, e);
  const of = cx.fresh(OPAQUE, e);
  const name = e.expression.getText();
  call.runtime(
    'unravelled',
    [f.id, flat],
    [`[${schemaText(result)}, ${JSON.stringify(name)}]`],
    'effect',
    of,
  );
  const places = call.ask(of, '.order', plainArray(NUMBER));
  const values = cx.ir(cx.callLibrary('__gather', [irVal(flat), irVal(places)], e), e);
  return irVal(new Rebuilding(call, of, values).make(result, '.value', cx.constant(0, e), true).id);
}
function isUnravel({ ts, host }: FunctionContext, callee: ts.Expression): boolean {
  if (host.untyped) return false;
  const { symbol } = host.checker.getNonNullableType(host.checker.getTypeAtLocation(callee));
  const isOurs = (d: ts.Declaration): boolean => packageNameOf(ts, d.getSourceFile().fileName) === 'adjoint';
  return symbol?.name === 'Unravel' && (symbol.declarations ?? []).some(isOurs);
}

/** A call that the compiler does not look into, whose result is known at run time. */
class OpaqueCall {
  constructor(
    readonly cx: FunctionContext,
    readonly e: ts.Expression,
  ) {}

  /** A property of the call, or of what it gave: without derivative. */
  ask(call: ValueId, path: string, type: Type): ValueId {
    return this.cx.foreign(['', path], [call], type, true, this.e, 'reads');
  }
  count(call: ValueId, path: string): ValueId {
    return this.cx.foreign(['', `.count((`, `)${path})`], [call, call], NUMBER, true, this.e, 'reads');
  }
  runtime(
    name: string,
    args: readonly ValueId[],
    literals: readonly string[],
    effect: 'effect' | 'fresh',
    result: ValueId,
    rule?: LoweredRule,
  ): void {
    const span = this.cx.span(this.e);
    const more = rule ? { rule } : {};
    this.cx.emit({ kind: 'runtime', name, args, literals, effect, results: [result], span, ...more });
  }
}

class RuleCall extends OpaqueCall {
  constructor(
    cx: FunctionContext,
    readonly f: Val & { kind: 'custom' },
    e: ts.Expression,
    /** How many arguments the function may have. */
    readonly parameters: number,
  ) {
    super(cx, e);
  }

  run(args: readonly RuleArg[], types: readonly Type[], result: Type): Val {
    const { cx, e } = this;
    const { symbol } = this.f;
    const trees = new RuleTrees(cx, e);
    const given = trees.list();
    args.forEach(({ id, stopped }, k) => {
      if (!carriesDerivative(types[k])) return;
      if (stopped) trees.zeros(given, types[k], id);
      else trees.append(given, id);
    });
    const f = cx.fresh(OPAQUE, e, symbol.name);
    cx.emit({ kind: 'outer', text: cx.state.outside.text(cx, symbol, e), results: [f], span: cx.span(e) });
    const schemas = `[${types.map(schemaText).join(', ')}]`;
    const call = cx.fresh(OPAQUE, e);
    const absent = this.parameters > args.length ? `, ${this.parameters}` : '';
    const signature = `[${schemas}, ${schemaText(result)}, ${JSON.stringify(symbol.name)}${absent}]`;
    this.runtime('applyRule', [f, ...args.map((a) => a.id)], [signature], 'effect', call);
    if (!carriesDerivative(result)) return irVal(this.ask(call, '.value', result));
    const values = cx.fresh(plainArray(NUMBER), e);
    const { rule, args: kept } = lowerRule(cx, this.f, args, { result, e });
    this.runtime('ruleValues', [call, given, ...kept], [], 'fresh', values, rule);
    return irVal(new Rebuilding(this, call, values).make(result, '.value', cx.constant(0, e), true).id);
  }
}

/** Makes the result of a call out of the list of its numbers. */
class Rebuilding {
  constructor(
    readonly of: OpaqueCall,
    readonly call: ValueId,
    readonly values: ValueId,
  ) {}

  /** `at`: where the numbers of this part begin; `whole`: it is all there is. */
  make(t: Type, path: string, at: ValueId, whole: boolean): { readonly id: ValueId; readonly next: ValueId } {
    const { cx, e } = this.of;
    const after = (n: () => ValueId): ValueId => (whole ? at : cx.scalar('add', [at, n()], e));
    if (t.kind === 'number')
      return { id: cx.load(this.values, { index: at }, e), next: after(() => cx.constant(1, e)) };
    if (t.kind === 'record') return this.record(t, path, at);
    if (t.kind !== 'array') return cx.refuse('AD4007', e);
    const rank = rankOf(t)!;
    const next = after(() => this.of.count(this.call, path));
    if (rank > 1) {
      const shape = this.of.ask(this.call, path, OPAQUE);
      const rows = cx.callLibrary(
        rank === 2 ? '__rows' : '__planes',
        [irVal(this.values), irVal(at), irVal(shape)],
        e,
      );
      return { id: cx.ir(rows, e), next };
    }
    const list = whole
      ? this.values
      : cx.ir(cx.callLibrary('array_slice', [irVal(this.values), irVal(at), irVal(next)], e), e);
    return { id: t.storage === 'plain' ? list : typedFrom(cx, t, list, e), next };
  }

  private record(t: RecordType, path: string, at: ValueId): { id: ValueId; next: ValueId } {
    const { cx, e } = this.of;
    const pathTo = (key: string): string => (t.tuple ? `${path}[${key}]` : `${path}.${key}`);
    const made = new Map<string, ValueId>();
    let next = at;
    for (const f of fieldsOf(t)) {
      const part = this.make(f.type, pathTo(f.key), next, false);
      made.set(f.key, part.id);
      next = part.next;
    }
    const args = t.fields.map((f) => made.get(f.key) ?? this.of.ask(this.call, pathTo(f.key), f.type));
    const type = cx.site(`rule ${path}`, e, () => t) as RecordType;
    t.fields.forEach((f, k) => void cx.state.inference.store(type, f.key, cx.type(args[k])));
    const id = cx.fresh(type, e);
    cx.emit({ kind: 'literal', type, args, results: [id], span: cx.span(e) });
    return { id, next };
  }
}
