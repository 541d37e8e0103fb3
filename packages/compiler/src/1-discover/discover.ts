/**
 * **Question**: which calls in a file ask for a derivative, and of what? **Method**: marker calls are recognised by symbol,
 * so renamed, namespaced and re-exported imports work; the target is followed through `const` and imports to its source.
 */
import type { Code } from '../diagnostics/catalog.js';
import { type Diagnostics, placeOf } from '../diagnostics/diagnostic.js';
import { isRuleCall } from '../host/known-functions.js';
import { listKinds, tupleType } from '../host/list-types.js';
import {
  isSparse,
  MARKERS,
  type MarkerName,
  type MarkerOptions,
  type MarkerStep,
  PLAIN,
} from '../host/marker.js';
import { implementationOf } from '../host/packages.js';
import { type Bound, lexicalThis, memberFunction } from '../host/receivers.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  isOfNamespace,
  parametersOf,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { walkNodes } from '../host/walk.js';
import { joinTypes } from '../ir/join-types.js';
import { type ArrayType, MIXED, NULLISH, NUMBER, OPAQUE, type Type } from '../ir/nodes.js';
import { gradientType } from '../ir/type-questions.js';
import { carriesDerivative, plainArray, refType, slotType } from '../ir/types.js';
import { readOptions } from './options.js';

/** A marker call that can be compiled. */
export interface DiffSite {
  readonly marker: MarkerName;
  readonly call: ts.CallExpression;
  readonly target: FunctionNode;
  /** What `this` is in the target, as an expression at the marker call. */
  readonly receiver: ts.Expression | undefined;
  /** What is called in place of the target, which only says how. */
  readonly callee: ts.Expression | undefined;
  /** Markers between the target and this one, innermost first: what is differentiated is their result. */
  readonly chain: readonly MarkerStep[];
  /** The user's name for the function, for the names of generated code. */
  readonly name: string;
  readonly options: MarkerOptions;
  /** IR types of the arguments of a call, in order. */
  readonly argTypes: readonly Type[];
  readonly argNames: readonly string[];
  /** Which of the arguments are differentiated; all elements of a rest parameter are one argument here. */
  readonly wanted: readonly number[];
  /** Position of the rest parameter, if there is one. */
  readonly rest: number | undefined;
  /** Arguments that are lists of numbers of one kind or another. */
  readonly lists: readonly Lists[];
  /** Names of fields of the arguments that hold values of different kinds. */
  readonly splits: ReadonlySet<string>;
  /** The kinds that it is for, where the arguments may be lists of several, in names. */
  readonly ofKind?: string;
}
/** An argument that is a list of numbers of one of several kinds. */
export interface Lists {
  readonly position: number;
  readonly kinds: readonly ArrayType[];
}

/** Markers of functions that return a number. */
const SCALAR: ReadonlySet<MarkerName> = new Set<MarkerName>([
  'grad',
  'valueAndGrad',
  'gradInto',
  'hvp',
  'hessian',
  'sparseHessian',
]);

interface Arguments {
  readonly types: Type[];
  readonly names: string[];
  readonly rest: number | undefined;
  readonly lists: readonly Lists[];
  readonly splits: ReadonlySet<string>;
}

/** The arguments of what the markers give; nothing if it cannot be differentiated. */
function throughChain(args: Arguments, steps: readonly MarkerStep[]): Arguments | undefined {
  let { types, names, rest, lists } = args;
  const { splits } = args;
  for (const { marker } of steps) {
    if (
      marker === 'tangent' ||
      marker === 'vjp' ||
      marker === 'gradInto' ||
      isSparse(marker) ||
      (marker === 'jvp' && rest !== undefined)
    )
      return undefined;
    // what is given beside an argument is of its kind
    if (marker === 'hvp' || marker === 'jvp') lists = [];
    if (marker === 'hvp') {
      if (rest !== undefined) rest++;
      types = [types[0], gradientType(types[0]), ...types.slice(1)];
      names = [names[0], 'v', ...names.slice(1)];
    } else if (marker === 'jvp') {
      types = [tupleType(types), tupleType(types.map(gradientType))];
      names = ['primals', 'tangents'];
    }
  }
  return { types, names, rest, lists, splits };
}

/** The names of a file for what it imports. */
function importedNames(ts: Host['ts'], file: ts.SourceFile): ReadonlySet<string> {
  const found = new Set<string>();
  const mayRequire = file.text.includes('require(');
  walkNodes(ts, file, (n) => {
    if (mayRequire && (ts.isVariableDeclaration(n) || ts.isBindingElement(n)) && ts.isIdentifier(n.name))
      found.add(n.name.text);
    const binds =
      ts.isImportClause(n) ||
      ts.isNamespaceImport(n) ||
      ts.isImportSpecifier(n) ||
      ts.isImportEqualsDeclaration(n);
    if (binds && n.name) found.add(n.name.text);
  });
  return found;
}

export class Discovery {
  constructor(
    readonly host: Host,
    readonly diagnostics: Diagnostics,
    readonly isRuntime: (file: ts.SourceFile) => boolean,
  ) {}

  sites(file: ts.SourceFile): DiffSite[] {
    const { ts } = this.host;
    const found: DiffSite[] = [];
    const imported = importedNames(ts, file);
    /** Most names can be no marker, and to ask the checker for all takes long. */
    const isImported = (n: ts.Node): boolean => {
      let root = n;
      while (ts.isPropertyAccessExpression(root)) root = skipWrappers(ts, root.expression);
      return ts.isIdentifier(root) && imported.has(root.text);
    };
    walkNodes(ts, file, (n) => {
      if (ts.isCallExpression(n)) {
        const marker = isImported(skipWrappers(ts, n.expression)) ? this.markerOf(n.expression) : undefined;
        if (marker) {
          const site = this.site(marker, n);
          if (site) found.push(site);
        }
      } else if (ts.isIdentifier(n)) {
        const isMember = ts.isPropertyAccessExpression(n.parent) && n.parent.name === n;
        if (isImported(isMember ? n.parent : n)) this.checkDirect(n);
      }
    });
    return found;
  }

  private markerOf(callee: ts.Expression): MarkerName | undefined {
    const e = skipWrappers(this.host.ts, callee);
    const s = symbolOf(this.host, e);
    return s && this.isMarkerSymbol(s) ? (s.name as MarkerName) : undefined;
  }
  private isMarkerSymbol(s: ts.Symbol): boolean {
    return MARKERS.has(s.name) && (s.declarations ?? []).some((d) => this.isRuntime(d.getSourceFile()));
  }

  /** A marker that is named but not called could not be compiled and would throw at run time. */
  private checkDirect(n: ts.Identifier): void {
    const { ts } = this.host;
    const p = n.parent;
    if (
      !p ||
      ts.isImportSpecifier(p) ||
      ts.isExportSpecifier(p) ||
      ts.isImportClause(p) ||
      ts.isNamespaceImport(p)
    )
      return;
    if (ts.isTypeQueryNode(p) || ts.isTypeNode(p)) return;
    if (ts.isPropertyAccessExpression(p) && p.name !== n) return;
    const use = ts.isPropertyAccessExpression(p) ? p : n;
    let outer: ts.Node = use.parent;
    let inner: ts.Node = use;
    while (ts.isParenthesizedExpression(outer) || ts.isNonNullExpression(outer) || ts.isAsExpression(outer)) {
      inner = outer;
      outer = outer.parent;
    }
    if (ts.isCallExpression(outer) && outer.expression === inner) return;
    const s = symbolOf(this.host, n);
    if (s && this.isMarkerSymbol(s))
      this.report('AD1007', n, `\`${n.text}\` is used here without being called`);
  }

  report(code: Code, node: ts.Node, message?: string, help?: string): void {
    this.diagnostics.report(code, placeOf(node), [], message, help);
  }

  private site(marker: MarkerName, call: ts.CallExpression): DiffSite | undefined {
    const { ts } = this.host;
    const [f, opts, generated] = call.arguments;
    if (generated) return undefined; // compiled already
    if (!f || ts.isSpreadElement(f)) {
      this.report('AD1001', call, `\`${marker}\` needs the function to differentiate`);
      return undefined;
    }
    const chain = this.chainOf(f);
    const bound = chain && this.target(chain.f, call);
    if (!bound) {
      const message = `the function passed to \`${marker}\` is not statically known`;
      this.report('AD1001', f, message, this.adviceFor(f, marker));
      return undefined;
    }
    const { decl: target, receiver, callee, again } = bound;
    if (target.modifiers?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)) {
      this.report('AD2001', f, 'an async function cannot be differentiated');
      return undefined;
    }
    if (target.asteriskToken) {
      this.report('AD2002', f, 'a generator cannot be differentiated');
      return undefined;
    }
    const options = readOptions(this.host, marker, opts);
    if ('code' in options) {
      this.report(options.code, options.node, options.message);
      return undefined;
    }
    if (options.backend === 'tape' && chain.steps.length > 0) {
      this.report('AD1006', opts ?? f, 'a derivative of a derivative has no tape');
      return undefined;
    }
    const differentiated =
      chain.steps.length > 0 || marker === 'jvp' || marker === 'vjp' ? undefined : options.argnums;
    const own = this.argumentTypes(target, chain.f, differentiated);
    if (!own) return undefined;
    const isProduct = [...chain.steps.map((step) => step.marker), marker].includes('hvp');
    if (own.rest === 0 && isProduct) {
      this.report('AD2011', f, '`hvp` needs a first argument that is not part of a rest parameter');
      return undefined;
    }
    const args = throughChain(own, chain.steps);
    if (!args) {
      this.report(
        'AD1001',
        f,
        `what this marker gives cannot be passed to \`${marker}\``,
        'pass an arrow function that calls it',
      );
      return undefined;
    }
    const all = marker === 'jvp' || marker === 'vjp';
    const argnums = all ? args.types.flatMap((t, k) => (carriesDerivative(t) ? [k] : [])) : options.argnums;
    const { rest } = args;
    const wanted = [...new Set(argnums.map((k) => (rest !== undefined && k > rest ? rest : k)))];
    if (!this.checkArgnums(marker, wanted, args, opts ?? f, f)) return undefined;
    if (rest !== undefined && marker === 'gradInto' && wanted.includes(rest)) {
      this.report('AD2011', f, '`gradInto` cannot write into the elements of a rest parameter');
      return undefined;
    }
    if (options.wrt && !this.checkPaths(options.wrt, args.types[wanted[0]], opts ?? f)) return undefined;
    if (!this.checkResult(marker, target, f, options.aux)) return undefined;
    return {
      marker,
      call,
      target,
      receiver,
      callee,
      chain: again ? [{ marker: 'checkpoint', options: PLAIN }, ...chain.steps] : chain.steps,
      name: [this.nameOf(chain.f, target), ...chain.steps.map((step) => step.marker)].join('_'),
      options: { ...options, argnums },
      argTypes: args.types,
      argNames: args.names,
      wanted,
      rest,
      lists: callee ? [] : args.lists,
      splits: args.splits,
    };
  }

  /** What to pass in the place of a function that only the run knows. */
  private adviceFor(f: ts.Expression, marker: MarkerName): string | undefined {
    const { ts } = this.host;
    const e = skipWrappers(ts, f);
    const d = ts.isIdentifier(e) ? symbolOf(this.host, e)?.valueDeclaration : undefined;
    if (d && ts.isParameter(d))
      return `\`${e.getText()}\` is known to the callers: take its derivative as a parameter, and let them pass \`${marker}(...)\` of their function`;
    return this.callingArrow(e);
  }
  /** What to write for a function that is known where it is called: a member of an object, or one of the language. */
  private callingArrow(e: ts.Expression): string | undefined {
    const { ts, checker } = this.host;
    if (!ts.isPropertyAccessExpression(e) && !ts.isElementAccessExpression(e)) return undefined;
    const [signature] = checker.getSignaturesOfType(checker.getTypeAtLocation(e), ts.SignatureKind.Call);
    if (!signature) return undefined;
    const names = signature.parameters.map((p) => {
      const d = p.valueDeclaration;
      const isRest = d && ts.isParameter(d) && d.dotDotDotToken;
      return `${isRest ? '...' : ''}${/^\w+$/.test(p.name) ? p.name : 'x'}`;
    });
    const list = names.join(', ');
    return `pass an arrow function that calls it: \`(${list}) => ${e.getText()}(${list})\``;
  }

  private nameOf(f: ts.Expression, target: FunctionNode): string {
    const { ts } = this.host;
    const e = skipWrappers(ts, f);
    if (ts.isIdentifier(e)) return e.text;
    if (ts.isPropertyAccessExpression(e)) return e.name.text;
    if (target.name && ts.isIdentifier(target.name)) return target.name.text;
    const p = f.parent.parent;
    if (ts.isVariableDeclaration(p) && ts.isIdentifier(p.name)) return p.name.text;
    return 'anonymous';
  }

  /** The function inside of marker calls, directly or through `const`, and those markers. */
  private chainOf(f: ts.Expression): { f: ts.Expression; steps: MarkerStep[] } | undefined {
    const { ts } = this.host;
    const e = skipWrappers(ts, f);
    if (ts.isIdentifier(e)) {
      const d = symbolOf(this.host, e)?.valueDeclaration;
      const isConst = d && ts.getCombinedNodeFlags(d) & ts.NodeFlags.Const;
      const init = d && isConst && ts.isVariableDeclaration(d) ? d.initializer : undefined;
      const call = init && skipWrappers(ts, init);
      return call && ts.isCallExpression(call) && this.markerOf(call.expression)
        ? this.chainOf(call)
        : { f, steps: [] };
    }
    const marker = ts.isCallExpression(e) ? this.markerOf(e.expression) : undefined;
    if (!marker || !ts.isCallExpression(e)) return { f, steps: [] };
    const [inner, opts] = e.arguments;
    const options = readOptions(this.host, marker, opts);
    // what runs on a tape is not differentiated further
    const goesOn = !('code' in options) && options.backend === 'adjoint';
    const chain = inner && goesOn ? this.chainOf(inner) : undefined;
    if (!chain || 'code' in options) return undefined;
    return { f: chain.f, steps: [...chain.steps, { marker, options }] };
  }

  /** The function that an expression surely denotes. */
  private target(f: ts.Expression, call: ts.CallExpression): Bound | undefined {
    const { ts } = this.host;
    const e = skipWrappers(ts, f);
    const lexical = (decl: FunctionNode): Bound => ({ decl, receiver: lexicalThis(this.host, decl, call) });
    if (isFunctionNode(ts, e)) return lexical(e);
    const again = this.checkpointCall(e);
    if (again) {
      const inner = again.arguments[0] && this.target(again.arguments[0], call);
      return inner && !inner.callee ? { ...inner, again: true } : this.called(e);
    }
    if (ts.isExpressionWithTypeArguments(e)) return this.target(e.expression, call);
    if (!ts.isIdentifier(e) && !ts.isPropertyAccessExpression(e)) return undefined;
    const s = symbolOf(this.host, e);
    if (implementationOf(this.host, e) || this.isRule(s)) return this.called(e);
    if (ts.isPropertyAccessExpression(e) && !isOfNamespace(this.host, e)) return memberFunction(this.host, e);
    if (!s) return undefined;
    const d = boundFunction(this.host, s);
    if (d) return lexical(d);
    const v = s.valueDeclaration;
    if (
      v &&
      ts.isVariableDeclaration(v) &&
      v.initializer &&
      ts.isIdentifier(skipWrappers(ts, v.initializer)) &&
      ts.getCombinedNodeFlags(v) & ts.NodeFlags.Const
    )
      return this.target(v.initializer, call);
    return undefined;
  }

  /** What a `const` variable is initialised with. */
  private initialiser(s: ts.Symbol | undefined): ts.Expression | undefined {
    const { ts } = this.host;
    const d = s?.valueDeclaration;
    return d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
  }
  /** `const f = customVjp(...)` */
  private isRule(s: ts.Symbol | undefined): boolean {
    const made = this.initialiser(s);
    return made !== undefined && isRuleCall(this.host, made);
  }
  /** `checkpoint(...)`, also of a `const` variable. */
  private checkpointCall(e: ts.Expression): ts.CallExpression | undefined {
    const { ts } = this.host;
    const named = ts.isIdentifier(e) || ts.isPropertyAccessExpression(e);
    const made = named ? this.initialiser(symbolOf(this.host, e)) : e;
    const call = made && skipWrappers(ts, made);
    if (!call || !ts.isCallExpression(call)) return undefined;
    const maker = symbolOf(this.host, call.expression);
    const isOurs = (maker?.declarations ?? []).some((x) => this.isRuntime(x.getSourceFile()));
    return isOurs && maker?.name === 'checkpoint' ? call : undefined;
  }
  /** A function that is known by its type and called by its name. */
  private called(e: ts.Expression): Bound | undefined {
    const { ts, checker } = this.host;
    const [signature, other] = checker.getSignaturesOfType(
      checker.getTypeAtLocation(e),
      ts.SignatureKind.Call,
    );
    const decl = signature?.declaration;
    if (!decl || other || ts.isJSDocSignature(decl)) return undefined;
    return { decl: decl as FunctionNode, receiver: undefined, callee: e };
  }

  /** Arguments that are not `differentiated` may be of any type. */
  private argumentTypes(
    target: FunctionNode,
    f: ts.Expression,
    differentiated: readonly number[] | undefined,
  ): Arguments | undefined {
    const { ts, checker } = this.host;
    const types: Type[] = [];
    const names: string[] = [];
    const lists: Lists[] = [];
    const splits = new Set<string>();
    const signature = this.signatureOf(target, f);
    const parameters = parametersOf(ts, target);
    for (const [k, p] of parameters.entries()) {
      const symbol = signature?.parameters[k];
      const declared = symbol ? checker.getTypeOfSymbolAtLocation(symbol, f) : checker.getTypeAtLocation(p);
      const kinds = p.dotDotDotToken ? [] : listKinds(this.host, declared, p);
      let t = outsideType(this.host, declared, p);
      if (kinds.length > 0) {
        lists.push({ position: k, kinds });
        if (t === OPAQUE) t = { ...plainArray(NUMBER), either: true };
      }
      const isData = differentiated !== undefined && !p.dotDotDotToken && !differentiated.includes(k);
      if (t instanceof UnsupportedType && isData) t = MIXED;
      if (t instanceof UnsupportedType) {
        const told = outsideType({ ...this.host, splits, newSplits: splits }, declared, p);
        if (!(told instanceof UnsupportedType)) t = told;
      }
      if (t instanceof UnsupportedType) {
        this.report(
          t.code,
          p.name,
          `parameter \`${p.name.getText()}\` of the differentiated function: ${t.why}`,
        );
        return undefined;
      }
      // a function from outside can only be called for its effects
      if (t.kind === 'never') t = OPAQUE;
      if (p.initializer || p.questionToken) t = joinTypes(t, NULLISH) ?? t;
      types.push(t);
      names.push(ts.isIdentifier(p.name) ? p.name.text : `argument ${k}`);
    }
    const rest = parameters.findIndex((p) => p.dotDotDotToken !== undefined);
    return { types, names, rest: rest < 0 ? undefined : rest, lists, splits };
  }

  /** The signature of the target at the call: contextual types of an inline arrow, an instantiation of a generic one. */
  private signatureOf(target: FunctionNode, f: ts.Expression): ts.Signature | undefined {
    const { checker, ts } = this.host;
    const signatures = checker.getSignaturesOfType(checker.getTypeAtLocation(f), ts.SignatureKind.Call);
    return (
      (signatures.length === 1 ? signatures[0] : undefined) ?? checker.getSignatureFromDeclaration(target)
    );
  }

  private checkArgnums(
    marker: MarkerName,
    argnums: readonly number[],
    args: { types: Type[]; names: string[] },
    at: ts.Node,
    f: ts.Node,
  ): boolean {
    if (argnums.length === 0) {
      this.report('AD1003', f, `\`${marker}\`: no argument of the function has numeric leaves`);
      return false;
    }
    for (const k of argnums) {
      if (k >= args.types.length) {
        this.report(
          'AD1002',
          at,
          `\`argnums\` names argument ${k}, but the function has ${args.types.length === 1 ? 'one argument' : `${args.types.length} arguments`}`,
        );
        return false;
      }
      if (!carriesDerivative(args.types[k])) {
        this.report('AD1003', at, `argument ${k} (\`${args.names[k]}\`) has no numeric leaves`);
        return false;
      }
    }
    return true;
  }

  /** Whether the argument has what `wrt` names, and numbers there. */
  private checkPaths(paths: readonly (readonly string[])[], argument: Type, at: ts.Node): boolean {
    for (const path of paths) {
      let t: Type | undefined = argument;
      for (const key of path) {
        const r: Type | undefined = t && refType(t);
        t = r?.kind === 'record' ? slotType(r, key) : undefined;
      }
      if (t && carriesDerivative(t)) continue;
      this.report('AD1002', at, `\`wrt\` names \`${path.join('.')}\`, where the argument has no numbers`);
      return false;
    }
    return true;
  }

  private checkResult(marker: MarkerName, target: FunctionNode, f: ts.Expression, aux: boolean): boolean {
    if (!SCALAR.has(marker) && marker !== 'sparseJacobian') return true;
    const { checker } = this.host;
    const signature = this.signatureOf(target, f);
    const returned = signature && checker.getReturnTypeOfSignature(signature);
    if (marker === 'sparseJacobian') {
      if (!returned || !(returned.flags & this.host.ts.TypeFlags.NumberLike)) return true;
      this.report(
        'AD1004',
        f,
        '`sparseJacobian` needs a function that returns an array or an object; this one returns a number',
        'use `grad`, whose result is the only row',
      );
      return false;
    }
    const type =
      aux && returned && checker.isTupleType(returned)
        ? checker.getTypeArguments(returned as ts.TypeReference)[0]
        : returned;
    if (aux && type === returned) {
      this.report(
        'AD1004',
        f,
        '`aux` needs a function that returns a tuple `[loss, extra]`',
        'give it the return type `[number, ...]`',
      );
      return false;
    }
    if (!type || type.flags & this.host.ts.TypeFlags.NumberLike) return true;
    const literals = type.isUnion() && type.types.every((t) => t.flags & this.host.ts.TypeFlags.NumberLike);
    if (literals || type.flags & (this.host.ts.TypeFlags.Any | this.host.ts.TypeFlags.Never)) return true;
    this.report(
      'AD1004',
      f,
      `\`${marker}\` needs a function that returns a number; this one returns \`${this.host.checker.typeToString(type)}\``,
    );
    return false;
  }
}
