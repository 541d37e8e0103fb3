/** One file: its marker calls are compiled, and replaced by calls of the generated functions. */
import { type DiffSite, Discovery } from './1-discover/discover.js';
import { runsSeveralTimes } from './4-analyse/several-runs.js';
import { assertCertified } from './6-record/halves.js';
import { emitEntry } from './7-emit/entry.js';
import { Names } from './7-emit/names.js';
import { accessorTexts, memberAccessors } from './accessors.js';
import { type Compiled, compileSite, type Mode, type Observer } from './compile.js';
import { Diagnostics, placeOf } from './diagnostics/diagnostic.js';
import type { EntryForm, MarkerName } from './host/marker.js';
import { packageNameOf } from './host/packages.js';
import { type FunctionNode, namesIn, skipWrappers } from './host/scopes.js';
import type { Host, ts } from './host/ts.js';
import { importEdits } from './import-places.js';
import type { Span } from './ir/nodes.js';
import { printModule } from './ir/print.js';
import { schemaText } from './ir/schema.js';
import { EndlessType, typeKey } from './ir/types.js';
import { assertValid } from './ir/verify.js';
import { type CompilerOptions, cheapFormsOf } from './options.js';
import { Reach } from './reach.js';
import { type DerivativeReport, printReport, reportOf } from './report.js';
import type { Accessors, Edit, RewriteResult } from './rewrite.js';
import { told } from './rewrite-safely.js';
import { Shared } from './shared.js';
import { Copies } from './tape-backend/copies.js';
import { tapeSite } from './tape-backend/site.js';
import { fillsLanes, isLong, kindsOf, type Variant, variantsOf } from './variants.js';

const RUNTIME = 'adjoint/internal';
const TAPE = '@adjoint/tape/internal';
/** What generated code may import from there. */
const HELPERS =
  'acquireTape addShadows advance applyRule arrangeKeys beginAgain beginChecks beginReverse beginSteps byKind capture checkApart checkClass checkContents checkDistinct checkElements checkFields checkFinite checkKeys checkKind checkLength checkMethod checkNumber checkOut checkOwner checkRoom checkSame checkShadow checkStart checkTags checkTape checkThere checkTrace checkTree checkWork checked claimWork copyPairs countTaped endSteps entryShadow exchange extend finishSteps finishTape followStructure growTape ifPresent inKeyOrder inLanes isInstance isKeptAt isOfClass isSettled keepIn keepNumbers keepState keepsHere keptNumber keptNumbers keptValue lastStep likePrimal makeLog measureTape nextAgain nextStop notConverged ofKind originOf originsIn ownShadow pairShadow pairShadows partsOf planSteps pullRule pushRule reinstate releaseTape replay restoreStructure rewind ruleValues seedShadow shadowIn slotShadow subarray sum tagTape tangentOf tells toGradient toNumbers tooManyReferences trace traceEnd track trackList treeDistance unravelled viewEnd viewStart watchCotangents watchSteps withState writeGradient writeGradients workArray zeroGradient zeroOut zeroShadow zeroTracked'.split(
    ' ',
  );

export class FileRewriter {
  private readonly diagnostics = new Diagnostics();
  private readonly dependencies = new Set<string>();
  private readonly runtimeNames = new Map<string, string>();
  private readonly userNames: Set<string>;
  private readonly names: Names;
  readonly reach: Reach;
  private readonly helperNames: ReadonlyMap<string, string>;
  private readonly edits: Edit[] = [];
  private readonly functions: string[] = [];
  private readonly reports: DerivativeReport[] = [];
  /** What marker calls with `backend: 'tape'` share; made when the first of them is met. */
  private copies: Copies | undefined;

  constructor(
    readonly host: Host,
    readonly file: ts.SourceFile,
    readonly options: CompilerOptions,
    readonly observe?: Observer,
  ) {
    this.userNames = namesIn(host, file);
    this.names = new Names(this.userNames);
    this.reach = new Reach(host, file, this.names);
    this.helperNames = new Map(HELPERS.map((h) => [h, this.names.fresh(h)]));
  }

  /** Compiles the marker calls; once. */
  compileSites(): void {
    if (this.isCompiled) return;
    this.isCompiled = true;
    const discovery = new Discovery(this.host, this.diagnostics, (f) => isRuntimeFile(this.host, f));
    for (const site of discovery.sites(this.file)) this.site(site);
  }
  private isCompiled = false;

  /** The files of bodies that were read. */
  get bodiesRead(): ReadonlySet<string> {
    return this.dependencies;
  }
  get hasErrors(): boolean {
    return this.diagnostics.hasErrors;
  }

  run(accessors: Accessors): RewriteResult {
    this.compileSites();
    const { text } = this.file;
    const diagnostics = this.diagnostics.sorted();
    const dependencies = [...new Set([...this.dependencies, ...accessors.askers])]
      .filter((f) => f !== this.file.fileName)
      .sort();
    const owners = [...this.reach.needed.keys()].filter((f) => f !== this.file.fileName);
    const own = this.reach.needed.get(this.file.fileName) ?? [];
    const members = memberAccessors(this.host, this.file, new Set([...accessors.names, ...own]));
    const common = { diagnostics, dependencies, owners, reports: this.reports };
    const added = [
      ...this.functions,
      ...(this.copies?.texts() ?? []),
      ...this.reach.copies,
      ...accessorTexts(this.file, accessors.names),
    ];
    if (added.length + members.length === 0 || diagnostics.some((d) => d.severity === 'error'))
      return { code: text, edits: [], changed: false, generated: [], ...common };
    this.addImports();
    const start = text.length;
    if (added.length > 0)
      this.edits.push({ at: start, text: `${text.endsWith('\n') ? '' : '\n'}\n${added.join('\n\n')}\n` });
    const edits = [...this.edits, ...members].map((e) => ({
      ...e,
      text: this.copies?.resolve(e.text) ?? e.text,
    }));
    edits.sort((a, b) => a.at - b.at);
    const code = applyEdits(text, edits);
    const end = code.length;
    const last = edits[edits.length - 1];
    const generated = last.at === start ? [{ start: end - last.text.length, end }] : [];
    return { code, edits, changed: true, generated, ...common };
  }

  private site(site: DiffSite): void {
    const own = new Diagnostics();
    try {
      if (site.options.backend === 'tape') this.tape(site, own);
      else this.adjoint(site, own);
    } catch (error) {
      this.internalError(site, error, own);
    }
    this.diagnostics.addAll(own);
  }
  private adjoint(site: DiffSite, own: Diagnostics): void {
    const names = this.ofEachKind(site, own) ?? this.functionsOf(site, own, true);
    if (names.length > 0 && !own.hasErrors) {
      this.bindForCheck(site);
      this.edits.push({
        at: this.argumentEnd(site.call),
        text: `${missingOptions(site)}, ${handedOver(names)}`,
      });
    }
  }

  /** The generated functions that the marker is handed over, as far as there were no errors. `warns` as of `compile`. */
  private functionsOf(site: DiffSite, own: Diagnostics, warns: boolean): string[] {
    const names: string[] = [];
    const inLanes = site.lists.length === 0 && this.modeOf(site).cheap.has('lanes');
    for (const variant of variantsOf(site, inLanes)) {
      // that a gradient does not depend on an argument says nothing against the function
      const compiled = this.compile(variant, own, warns && names.length === 0 && isFirst(variant));
      const text =
        compiled &&
        (variant.single
          ? this.inLanes(variant, variant.single, compiled, own)
          : (this.again(variant.again, compiled) ?? this.emit(variant, compiled)));
      if (text === undefined) break;
      names.push(text);
    }
    return names;
  }

  /**
   * Of arguments that are lists of several kinds: derivatives for each of them, of which the one is called that fits. Nothing where one
   * cannot be compiled; then they are read as arrays.
   */
  private ofEachKind(site: DiffSite, own: Diagnostics): string[] | undefined {
    const { lists, sites } = kindsOf(site);
    if (lists.length === 0) return undefined;
    const before = [this.functions.length, this.reports.length] as const;
    const found: string[][] = [];
    const told = new Diagnostics();
    for (const one of sites) {
      const names = this.functionsOf(one, told, found.length === 0);
      if (told.hasErrors) {
        [this.functions.length, this.reports.length] = before;
        return undefined;
      }
      found.push(names);
    }
    own.addAll(told);
    const asked = JSON.stringify(lists.map((l) => [l.position, ...l.kinds.map((t) => t.ctor)]));
    return variantsOf(site, false).map(({ form }, k) => {
      const all = found.map((names) => names[k]);
      return `${this.runtimeName('byKind')}(${[JSON.stringify(form), asked, ...all].join(', ')})`;
    });
  }

  /** What runs marked parts again, if there are such, and it can be compiled. */
  private again(variant: Variant | undefined, { isMarked }: Compiled): string | undefined {
    if (!variant || !isMarked) return undefined;
    const own = new Diagnostics();
    const compiled = this.compile(variant, own, false);
    return compiled && !own.hasErrors ? this.emit(variant, compiled) : undefined;
  }

  /** A generated function for several tangents, and the one for a single tangent where it is of use. */
  private inLanes(vector: Variant, single: Variant, inLanes: Compiled, own: Diagnostics): string | undefined {
    const isTooLong = isLong(inLanes.module);
    const together = (...functions: string[]) => {
      const [first, ...rest] = functions;
      return `${this.runtimeName('inLanes')}(${[first, vector.lanes, ...rest].join(', ')})`;
    };
    if (fillsLanes(vector) && !isTooLong) return together(this.emit(vector, inLanes));
    const alone = this.compile(single, own, false);
    if (!alone || isTooLong) return alone && this.emit(single, alone);
    return together(this.emit(vector, inLanes), this.emit(single, alone, false));
  }

  /** Check mode runs the function itself too: a method with its receiver. */
  private bindForCheck(site: DiffSite): void {
    const { ts } = this.host;
    const { call, receiver } = site;
    const [f] = call.arguments;
    if (!this.modeOf(site).check || !receiver || !ts.isPropertyAccessExpression(skipWrappers(ts, f))) return;
    this.edits.push({ at: f.end, text: `.bind(${receiver.getText()})` });
  }

  /** By function, and what is asked of it. A dump has every pass of every marker call. */
  private readonly shared = new Map<FunctionNode, Map<string, Shared>>();
  private sharedBy({ target, receiver, callee, chain, options, argTypes, rest }: Variant): Shared {
    if (receiver || callee || this.options.dump !== undefined) return new Shared();
    const known = this.shared.get(target) ?? new Map<string, Shared>();
    this.shared.set(target, known);
    const key = JSON.stringify([argTypes.map((t) => typeKey(t)), rest, chain, options.aux]);
    const shared = known.get(key) ?? new Shared();
    known.set(key, shared);
    return shared;
  }

  /** `warns`: also tells of arguments without influence. */
  private compile(site: Variant, own: Diagnostics, warns: boolean): Compiled | undefined {
    const message = `asked for by ${site.marker}(${site.name})`;
    const shared = this.sharedBy(site);
    for (const name of site.splits) shared.inference.splits.add(name);
    const compiled = compileSite(
      site,
      {
        host: this.host,
        values: shared.values,
        diagnostics: own,
        request: { ...placeOf(site.call), message },
        isRuntime: (f) => isRuntimeFile(this.host, f),
        reach: this.reach.text,
        privateStatic: this.reach.privateStatic,
        isCopy: this.reach.isCopy,
        write: this.reach.write,
        target: site.target,
        inference: shared.inference,
        receiver: site.receiver,
        callee: site.callee,
        chain: site.chain,
        aux: site.options.aux,
        call: site.call,
        rest: site.rest,
        at: this.file,
        argTypes: site.argTypes,
        dependencies: this.dependencies,
        notes: shared.notes,
      },
      own,
      this.modeOf(site),
      shared,
      this.observer(site),
    );
    if (compiled && compiled.plans.size > 0) this.report(site, compiled);
    for (const k of (warns && compiled?.withoutInfluence) || []) {
      const code = compiled?.onlySteps.includes(k) ? 'AD4004' : 'AD1008';
      const how =
        code === 'AD4004'
          ? 'reaches the result only through steps, comparisons or integers: its gradient is zero'
          : 'has no influence on the result';
      const message = `argument ${k} (\`${site.argNames[k]}\`) of \`${site.name}\` ${how}`;
      own.report(code, placeOf(site.call), [], message);
    }
    return compiled;
  }

  private report(site: Variant, { plans, module }: Compiled): void {
    const report = reportOf(plans, placeOf(site.call), module.values);
    this.reports.push(report);
    if (this.options.dump !== 'report' && this.options.dump !== 'all') return;
    const lines = printReport(report, (place) => this.placeOf(place));
    log?.error([`; what ${site.marker}(${site.name}) stores`, ...lines].join('\n'));
  }

  private modeOf({ call }: DiffSite): Mode {
    const { check = false, cheapForms } = { ...this.options, ...this.options.formOf?.(call) };
    return { check, cheap: cheapFormsOf(cheapForms) };
  }

  private observer({ call }: DiffSite): Observer {
    const { dump } = this.options;
    return (pass, module, known) => {
      if (dump !== undefined && (dump === 'all' || dump === pass))
        log?.error(`; after ${pass}\n${printModule(module)}`);
      this.observe?.(pass, module, known, call);
      if (VERIFY) {
        assertValid(module, pass);
        for (const plan of known?.plans?.values() ?? []) assertCertified(plan);
      }
    };
  }

  private internalError(site: DiffSite, error: unknown, own: Diagnostics): void {
    // it was reported where it arose
    if (error instanceof EndlessType && own.hasErrors) return;
    if (DEBUG) throw error;
    const related = [{ ...placeOf(site.target), message: 'the function' }];
    const { ts, program } = this.host;
    const circumstances = { ts, program, file: this.file, name: site.name };
    own.add({ ...told(error, placeOf(site.call), circumstances), related });
  }

  /** The same source, rewritten for the tape. */
  private tape(site: DiffSite, own: Diagnostics): void {
    this.copies ??= new Copies({
      host: this.host,
      file: this.file,
      names: this.names,
      reach: this.reach,
      isRuntime: (f) => isRuntimeFile(this.host, f),
      dependencies: this.dependencies,
    });
    const entryName = this.copies.fresh(`${site.name}_${site.marker}`);
    const doc = `/** ${this.docOf(site, site.marker as EntryForm).replace(/\.$/, '')}, on a tape. */`;
    const { text, generated } = tapeSite(this.copies, site, entryName, doc, own);
    this.functions.push(text);
    const missing = site.call.arguments.length === 1 ? ', undefined' : '';
    this.edits.push({ at: this.argumentEnd(site.call), text: `${missing}, ${generated}` });
  }

  /** Writes the functions; gives the expression of the entry, as it stands at the marker call. `keeps`: with its state. */
  private emit(site: Variant, c: Compiled, keeps = true): string {
    return this.generated(site, c, this.write(site, c), keeps);
  }
  /** Writes the functions; gives the name of the entry. */
  private write(site: Variant, c: Compiled): string {
    const entryName = this.names.fresh(`${site.name}_${site.suffix}${site.ofKind ?? ''}`);
    const otherwise = c.otherwise && this.names.fresh(`${entryName}_general`);
    this.writeAs(entryName, c, site, { doc: this.docOf(site, site.form, site.lanes), otherwise });
    if (c.otherwise)
      this.writeAs(otherwise!, { ...c, ...c.otherwise }, site, {
        doc: `As \`${entryName}\`, for all arguments.`,
      });
    return entryName;
  }
  private writeAs(
    entryName: string,
    c: Compiled,
    site: Variant,
    { doc, otherwise }: { readonly doc: string; readonly otherwise?: string | undefined },
  ): void {
    const text = emitEntry({
      module: c.module,
      entry: c.entry,
      otherwise,
      workArray: () => this.workArray(),
      form: site.form,
      captured: c.captured,
      args: c.args,
      extra: c.extra,
      argnums: site.wanted,
      positions: site.options.argnums,
      rest: site.rest,
      argCount: site.argTypes.length,
      single: site.options.single,
      lanes: site.lanes,
      paths: site.options.wrt,
      entryName,
      fileNames: this.names,
      avoid: [...this.helperNames.values(), ...this.reach.used()],
      runtimeName: (name) => this.runtimeName(name),
      sourceLine: (span) => this.sourceLine(span),
      placeOf: (span) => this.placeOf(span),
      doc: [doc],
      check: this.modeOf(site).check,
    });
    this.functions.push(text);
  }

  /** A constant of this file: the engine knows where its numbers are. */
  private workArray(): string {
    this.workName ??= this.names.fresh('workspace');
    this.runtimeName('workArray');
    return this.workName;
  }
  private workName: string | undefined;

  private docOf(site: DiffSite, form: EntryForm, lanes = 1): string {
    const file = site.target.getSourceFile();
    const { line } = file.getLineAndCharacterOfPosition(site.target.getStart(file));
    const name = file.fileName.split('/').pop();
    const what = {
      grad: 'Gradient',
      valueAndGrad: 'Value and gradient',
      gradInto: 'Value, with the gradient into `out`,',
      jvp: lanes > 1 ? `Forward mode with ${lanes} tangents` : 'Forward mode',
      vjp: 'Value and pullback',
      hvp: 'Gradient along a vector',
      origin: 'Where the value became what it is, if it is not finite,',
    }[form];
    return `${what} of \`${site.name}\` (${name}:${line + 1}).`;
  }

  private runtimeName(name: string): string {
    const local = this.helperNames.get(name);
    if (local === undefined) throw new Error(`unknown runtime helper ${name}`);
    this.runtimeNames.set(name, local);
    return local;
  }

  private argumentEnd(call: ts.CallExpression): number {
    return call.arguments[call.arguments.length - 1].end;
  }

  /** Check mode: what says where the value became what it is, for a value that is a number. */
  private originOf(site: Variant, c: Compiled): string | undefined {
    if (!GRADIENTS.has(site.marker) || c.state.derives || site.options.aux) return undefined;
    const variant: Variant = { ...site, form: 'origin', suffix: 'origin' };
    const compiled = this.compile(variant, new Diagnostics(), false);
    return compiled && this.inScope(variant, compiled, this.write(variant, compiled));
  }

  /** A generated function with what it captures. */
  private inScope(site: Variant, c: Compiled, entryName: string): string {
    const rest = site.rest !== undefined && site.form !== 'jvp';
    if (c.captured.length === 0 && !rest && !site.takesTangent) return entryName;
    // what the function captures is read at each call, where it is in scope
    const own = this.parameterNames(site, c.outside);
    const isRest = (k: number) => rest && k === own.length - 1;
    const list = own.map((n, k) => `${isRest(k) ? '...' : ''}${n}: any`).join(', ');
    const given = site.takesTangent ? this.withTangent(site, own) : own;
    return `(${list}): any => ${entryName}(${[...given, ...c.outside].join(', ')})`;
  }

  /** The generated function as the marker call gets it. */
  private generated(site: Variant, c: Compiled, entryName: string, keeps: boolean): string {
    let generated = this.inScope(site, c, entryName);
    const several = keeps && runsSeveralTimes(site.marker) ? stateTexts(c, c.changed) : [];
    if (several.length > 0)
      generated = `${this.runtimeName('withState')}(${[generated, ...several].join(', ')})`;
    if (!this.modeOf(site).check) return generated;
    const state = stateTexts(c, c.state.objects, c.state.reads);
    const absent = new Array<string>(3 - state.length).fill('undefined');
    const origin = this.originOf(site, c);
    const about = c.state.derives
      ? [...state, ...absent, 'true']
      : origin === undefined
        ? state
        : [...state, ...absent, 'false', origin];
    return `${this.runtimeName('checked')}(${[JSON.stringify(site.checkedAs), generated, ...about].join(', ')})`;
  }
  /** A copy of the tangent in the structure of the first argument. */
  private withTangent({ argTypes, argNames }: Variant, [x, v, ...own]: readonly string[]): string[] {
    const about = [schemaText(argTypes[0]), JSON.stringify(`the tangent of ${argNames[0]}`)];
    return [x, `${this.runtimeName('tangentOf')}(${[x, v, ...about].join(', ')})`, ...own];
  }
  private parameterNames(site: Variant, captured: readonly string[]): string[] {
    const names = new Names([...captured, ...this.userNames]);
    if (site.form === 'jvp') return [names.fresh('primals'), names.fresh('tangents')];
    const own = site.argNames.map((n) => names.fresh(n));
    if (site.form === 'hvp') return [own[0], names.fresh('v'), ...own.slice(1)];
    return site.form === 'gradInto' ? [names.fresh('out'), ...own] : own;
  }

  private addImports(): void {
    const support: string[] = [];
    if (this.runtimeNames.size > 0) {
      const names = [...this.runtimeNames]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([a, b]) => (a === b ? a : `${a} as ${b}`));
      support.push(`import { ${names.join(', ')} } from ${JSON.stringify(RUNTIME)};`);
    }
    if (this.workName !== undefined)
      support.push(`const ${this.workName} = ${this.runtimeName('workArray')};`);
    if (this.copies) support.push(`import * as ${this.copies.helper} from ${JSON.stringify(TAPE)};`);
    const reached = this.reach.lines();
    this.edits.push(...importEdits(this.host.ts, this.file, support, reached === '' ? [] : [reached]));
  }

  /** A place for messages at run time: file, line and column. */
  private placeOf(span: Pick<Span, 'file' | 'start'>): string {
    const name = span.file.split('/').pop();
    const file = this.host.program.getSourceFile(span.file);
    if (!file) return name ?? '';
    const { line, character } = file.getLineAndCharacterOfPosition(span.start);
    return `${name}:${line + 1}:${character + 1}`;
  }

  /** The user's line of a place, for comments beside its adjoint. */
  private sourceLine(span: Span): string | undefined {
    const file = this.host.program.getSourceFile(span.file);
    if (!file) return undefined;
    const { line } = file.getLineAndCharacterOfPosition(span.start);
    const starts = file.getLineStarts();
    const text = file.text.slice(starts[line], starts[line + 1] ?? file.text.length).trim();
    return text.length > 0 && text.length <= 90 && !text.includes('*/') ? text : undefined;
  }
}

const log = (globalThis as { console?: { error(text: string): void } }).console;
const environment =
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
const VERIFY = environment.ADJOINT_VERIFY !== '0';
const DEBUG = environment.ADJOINT_DEBUG_THROW === '1';

/** Whether the function itself is differentiated, not a derivative of it. */
const isFirst = ({ chain }: Variant): boolean => chain.every((step) => step.marker === 'checkpoint');

/** Markers of functions that give a number. */
const GRADIENTS: ReadonlySet<MarkerName> = new Set<MarkerName>(['grad', 'valueAndGrad', 'gradInto']);

/** What the function may change outside, as arguments: the objects, the variables, and what it reads of these. */
function stateTexts({ state }: Compiled, objects: readonly string[], reads?: string): readonly string[] {
  const variables = state.variables.map(
    ({ read, write }) => `[() => ${read}, (value: any) => void (${write.join('value')})]`,
  );
  const all = [`() => [${objects.join(', ')}]`, `() => [${variables.join(', ')}]`, reads ?? ''];
  const count = reads !== undefined ? 3 : variables.length > 0 ? 2 : objects.length > 0 ? 1 : 0;
  return all.slice(0, count);
}
/** What the marker call is given: a generated function, or several. */
const handedOver = (generated: readonly string[]): string =>
  generated.length === 1 ? generated[0] : `[${generated.join(', ')}] as any`;
const missingOptions = (site: DiffSite): string => (site.call.arguments.length === 1 ? ', undefined' : '');

function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const e of edits) {
    out += text.slice(at, e.at) + e.text;
    at = e.at;
  }
  return out + text.slice(at);
}

/** Whether a file belongs to the package `adjoint`, by the nearest package.json. */
const isRuntimeFile = (host: Host, file: ts.SourceFile): boolean =>
  packageNameOf(host.ts, file.fileName) === 'adjoint';
