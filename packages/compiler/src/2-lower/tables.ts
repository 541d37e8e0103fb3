/**
 * Tables: objects outside of the differentiated code that hold functions and never change, as `const ops = { add: { apply: (a, b) =>
 * a + b }, ... }` or a list of layers with their activations. Which function such an object holds is not to be seen from outside;
 * so a table that is used as a value is made again, once when the differentiated function begins, from its own source. What holds
 * no functions in it is read from the real object.
 */
import type { InstancePlan } from '../host/constructed.js';
import { isMemberAssigned } from '../host/member-writes.js';
import type { Registration } from '../host/registrations.js';
import { constantInitializer, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { rebuildInstance, withThis } from './instances.js';
import type { Val } from './shapes.js';
import type { LowerState } from './state.js';
import { TableReader } from './table-reader.js';

/** A table: what makes it, and the parts that are read from the real object, with the way to them. */
export interface Table {
  readonly init: ts.Expression;
  /** Functions that are added to it where its module begins. */
  readonly registered: readonly Registration[];
  readonly host: Host;
  readonly data: ReadonlyMap<ts.Expression, string>;
  /** Instances that are made again, with the ways to the real ones. */
  readonly instances: ReadonlyMap<ts.Expression, readonly [plan: InstancePlan, path: string]>;
}

interface Found {
  readonly table: Table | undefined;
  /** Where what would be a table may be changed. */
  readonly changed?: ts.Node | undefined;
}
const known = new WeakMap<ts.Symbol, Found>();
/** Where the object of a variable may be changed, that would be a table otherwise. */
export function changeOf(state: LowerState, symbol: ts.Symbol): ts.Node | undefined {
  return tableOf(state, symbol) ? undefined : known.get(symbol)?.changed;
}
/** The table that a variable holds for ever; nothing if it is none. */
export function tableOf(state: LowerState, symbol: ts.Symbol): Table | undefined {
  let found = known.get(symbol);
  if (!found) known.set(symbol, (found = { table: undefined }));
  else return found.table;
  const d = symbol.valueDeclaration;
  if (!d) return undefined;
  const host = state.hostOf(d);
  const { ts } = host;
  const init = isFixedStatic(host, d) ? d.initializer : constantInitializer(ts, d);
  if (!init || host.untyped) return undefined;
  const reader = new TableReader(state, host, symbol);
  const table = reader.read(init);
  known.set(symbol, { table, changed: reader.changed });
  return table;
}

/** `static kernels = { ... }` that nothing assigns again. */
function isFixedStatic(host: Host, d: ts.Declaration): d is ts.PropertyDeclaration {
  const { ts, checker } = host;
  if (!ts.isPropertyDeclaration(d) || !ts.isIdentifier(d.name)) return false;
  const isStatic = (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Static) !== 0;
  const owner = ts.isClassDeclaration(d.parent) && d.parent.name && symbolOf(host, d.parent.name);
  if (!isStatic || !owner) return false;
  return !isMemberAssigned(host, checker.getTypeOfSymbol(owner), d.name.text, true);
}

/** Makes a table; `root` gives the text of the variable, or nothing where it cannot be named. */
export function lowerTable(cx: FunctionContext, table: Table, root: () => string | undefined): Val {
  return cx.inHost(table.host, () => {
    const before = cx.replaced;
    const typeOf = (e: ts.Expression) => cx.host.checker.getTypeAtLocation(e);
    cx.replaced = new Map([
      ...[...table.data].map(([e, path]) => [e, () => realPart(cx, e, typeOf(e), path, root())] as const),
      ...[...table.instances].map(
        ([e, [plan, path]]) => [e, () => lowerInstance(cx, e as ts.NewExpression, plan, path, root)] as const,
      ),
    ]);
    try {
      const made = lowerExpression(cx, table.init);
      return table.registered.length === 0 ? made : register(cx, table, made);
    } finally {
      cx.replaced = before;
    }
  });
}
/** Runs the registrations on a table that was made again. */
function register(cx: FunctionContext, { registered }: Table, made: Val): Val {
  const symbol = symbolOf(cx.host, registered[0].table)!;
  const before = cx.env.get(symbol);
  cx.env.set(symbol, made);
  for (const { expression } of registered) lowerExpression(cx, expression);
  const now = cx.env.get(symbol) as Val;
  if (before) cx.env.set(symbol, before);
  else cx.env.delete(symbol);
  return now;
}
function lowerInstance(
  cx: FunctionContext,
  e: ts.NewExpression,
  { decl, fields }: InstancePlan,
  path: string,
  root: () => string | undefined,
): Val {
  return rebuildInstance(cx, decl, e, (self) =>
    fields.map(({ key, type, made }) => {
      const value = made
        ? withThis(cx, self, () => lowerExpression(cx, made))
        : realPart(cx, e, type, `${path}[${JSON.stringify(key)}]`, root());
      return [key, value];
    }),
  );
}
function realPart(
  cx: FunctionContext,
  e: ts.Expression,
  own: ts.Type,
  path: string,
  root: string | undefined,
): Val {
  if (root === undefined)
    return cx.refuse('AD4003', e, 'this part of a table of functions cannot be reached from generated code');
  const type = outsideType(cx.host, own, e);
  if (type instanceof UnsupportedType) return cx.refuse(type.code, e, type.why);
  const id = cx.fresh(type, e);
  // fields of instances may be private, or of a class that extends the declared one
  const text = path.includes('["') ? `(${root} as any)${path}` : root + path;
  cx.emit({ kind: 'outer', text, changes: true, results: [id], span: cx.span(e) });
  return { kind: 'ir', id };
}
