/** A marker call with `backend: 'tape'`: the function that it gets, and what is inserted in the call. */
import type { DiffSite } from '../1-discover/discover.js';
import { type Diagnostics, placeOf } from '../diagnostics/diagnostic.js';
import { parametersOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { Copies, Unit } from './copies.js';
import { functionDeclaration } from './functions.js';
import { noteClassesOf } from './outside.js';
import type { Scope } from './scope.js';

export interface TapedCall {
  /** Declaration of the function that runs on the tape. */
  readonly text: string;
  /** The expression that the marker call gets. */
  readonly generated: string;
}

export function tapeSite(
  copies: Copies,
  site: DiffSite,
  entryName: string,
  doc: string,
  diagnostics: Diagnostics,
): TapedCall {
  copies.request = { ...placeOf(site.call), message: `asked for by ${site.marker}(${site.name})` };
  copies.diagnostics = diagnostics;
  return site.callee || (isAtTop(copies, site.target) && site.receiver === undefined)
    ? atTop(copies, site, entryName, doc)
    : inScope(copies, site, entryName, doc);
}

function isAtTop(copies: Copies, target: ts.Node): boolean {
  const { ts } = copies.given.host;
  let n = target.parent;
  while (n && !ts.isFunctionLike(n) && !ts.isClassLike(n) && !ts.isSourceFile(n) && !ts.isBlock(n))
    n = n.parent;
  return n !== undefined && ts.isSourceFile(n);
}

/** The function is one of a module. */
function atTop(copies: Copies, site: DiffSite, entryName: string, doc: string): TapedCall {
  copies.scope = undefined;
  const unit = site.callee
    ? copies.callingUnit(site.callee, site.name)
    : copies.functionUnit(site.target, site.name);
  noteArguments(copies, site, unit);
  copies.finish();
  const call = `${copies.helper}.${site.marker}(${unit.name}, ${planText(copies, site, unit, '')}, args)`;
  const text = `${doc}\nfunction ${entryName}(...args: any[]): any {\n  return ${call};\n}`;
  return { text, generated: entryName };
}

/** The function may read variables of the functions around the call: the call passes accessors of them. */
function inScope(copies: Copies, site: DiffSite, entryName: string, doc: string): TapedCall {
  const unit = copies.newUnit(`${site.name}_tape`);
  const outer = copies.fresh('outer');
  const scope: Scope = {
    unit,
    marker: site.call,
    outer,
    receiver: site.receiver && {
      expression: site.receiver,
      symbol: { name: copies.fresh('self') } as ts.Symbol,
    },
    target: site.target,
    names: new Map([[site.target, unit.name]]),
    texts: [],
  };
  copies.scope = scope;
  const target = functionDeclaration(
    copies.context(unit, site.target, [site.target]),
    site.target,
    unit.name,
  );
  noteArguments(copies, site, unit);
  copies.finish();
  copies.scope = undefined;
  const call = `${copies.helper}.${site.marker}(${unit.name}, ${planText(copies, site, unit, outer)}, args)`;
  const body = [...scope.texts, target, `return (...args: any[]): any => ${call};`].map((t) => indent(t));
  const text = `${doc}\nfunction ${entryName}(${outer}: any): any {\n${body.join('\n')}\n}`;
  const accessors = [...unit.captured].map(([{ name }, { assigned, text }]) =>
    text === undefined ? accessorText(name, assigned) : `${name}: ${text}`,
  );
  return { text, generated: `${entryName}({ ${accessors.join(', ')} })` };
}
const indent = (text: string): string => (text.includes('`') ? text : `  ${text.replaceAll('\n', '\n  ')}`);

function accessorText(name: string, assigned: boolean): string {
  const set = `, set ${name}(value: any) { ${name} = value; }`;
  return `get ${name}(): any { return ${name}; }${assigned ? set : ''}`;
}

/** Classes whose instances the arguments may hold are copied too. */
function noteArguments(copies: Copies, site: DiffSite, unit: Unit): void {
  const cx = copies.context(unit, site.target, [site.target]);
  for (const p of parametersOf(cx.ts, site.target))
    noteClassesOf(cx, cx.host, cx.host.checker.getTypeAtLocation(p));
}

/** What the helper is told: which arguments, and which variables of the user's the function reads and writes. */
function planText(copies: Copies, site: DiffSite, unit: Unit, outer: string): string {
  const { argnums, single, accumulate, aux, wrt } = site.options;
  const all = site.marker === 'vjp';
  const parts = [`argnums: [${(all ? site.wanted : argnums).join(', ')}]`];
  if (single && !all) parts.push('single: true');
  if (accumulate) parts.push('accumulate: true');
  if (aux) parts.push('aux: true');
  if (wrt) parts.push(`wrt: ${JSON.stringify(wrt)}`);
  const numbers = site.argTypes.flatMap((t, k) =>
    t.kind === 'number' ? [`${k}: ${quote(site.argNames[k])}`] : [],
  );
  if (numbers.length > 0) parts.push(`numbers: { ${numbers.join(', ')} }`);
  const recursive = recursiveArguments(copies, site);
  if (recursive.length > 0) parts.push(`recursive: [${recursive.join(', ')}]`);
  if (all) parts.push(`parameters: ${site.argTypes.length}`);
  if (all && site.rest !== undefined) parts.push(`rest: ${site.rest}`);
  const state = stateText(copies, unit, outer);
  if (state !== '') parts.push(`state: () => [${state}]`);
  if (copies.twins !== undefined) parts.push(`twins: ${copies.twins}`);
  return `{ ${parts.join(', ')} }`;
}

const quote = (name: string | undefined): string => JSON.stringify(name ?? 'an argument');

function stateText(copies: Copies, unit: Unit, outer: string): string {
  const found = new Map<string, string | undefined>();
  for (const u of copies.reachable(unit))
    for (const { read, write } of u.state.values()) found.set(read, write ?? found.get(read));
  for (const [{ name }, { assigned }] of unit.captured)
    found.set(`${outer}.${name}`, assigned ? `${outer}.${name} = value` : undefined);
  return [...found]
    .map(([read, write]) => `[() => ${read}${write ? `, (value: any) => { ${write}; }` : ''}]`)
    .join(', ');
}

/** Arguments whose types contain themselves: what is shared in them is shared in the gradient. */
function recursiveArguments(copies: Copies, site: DiffSite): number[] {
  const { checker } = copies.given.host;
  return parametersOf(copies.given.host.ts, site.target).flatMap((p, k) =>
    containsItself(copies, checker.getTypeAtLocation(p)) ? [k] : [],
  );
}
function containsItself(copies: Copies, type: ts.Type): boolean {
  const { host } = copies.given;
  const { ts, checker } = host;
  const above = new Set<ts.Type>();
  const done = new Set<ts.Type>();
  const visit = (t: ts.Type): boolean => {
    if (t.isUnionOrIntersection()) return t.types.some(visit);
    if (!(t.flags & ts.TypeFlags.Object)) return false;
    if (above.has(t)) return true;
    if (done.has(t) || above.size > 12) return false;
    done.add(t);
    above.add(t);
    const parts = [...checker.getTypeArguments(t as ts.TypeReference)];
    const d = t.symbol?.declarations?.[0];
    if (d && !host.program.isSourceFileDefaultLibrary(d.getSourceFile()))
      parts.push(
        ...checker
          .getPropertiesOfType(t)
          .flatMap((p) => (p.flags & ts.SymbolFlags.Method ? [] : [checker.getTypeOfSymbol(p)])),
      );
    const found = parts.some((x) => x.getCallSignatures().length === 0 && visit(x));
    above.delete(t);
    return found;
  };
  return visit(type);
}
