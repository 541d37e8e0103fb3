/**
 * Text to text: a file with marker calls becomes the same file with generated functions. Every line of the user's keeps its
 * place: arguments are inserted in the calls, one import behind the user's own, and the functions at the end.
 */
import { importsOf, mayKeepVariables, type Needed } from './accessors.js';
import { importsMarkers } from './barrels.js';
import type { Observer } from './compile.js';
import type { AdjointDiagnostic } from './diagnostics/diagnostic.js';
import { FileRewriter } from './file-rewriter.js';
import type { Host, TypeScript, ts } from './host/ts.js';
import type { CompilerOptions } from './options.js';
import type { DerivativeReport } from './report.js';

/** Text inserted into the original at an offset. */
export interface Edit {
  readonly at: number;
  readonly text: string;
}
export interface RewriteResult {
  /** The rewritten TypeScript; the original if nothing changed. */
  readonly code: string;
  readonly edits: readonly Edit[];
  readonly changed: boolean;
  readonly diagnostics: readonly AdjointDiagnostic[];
  /** Files whose function bodies were read: when one changes, this file must be rewritten. */
  readonly dependencies: readonly string[];
  /** Ranges of `code` that hold generated functions. */
  readonly generated: readonly { readonly start: number; readonly end: number }[];
  /** What each derivative stores and why, and what it need not store. */
  readonly reports: readonly DerivativeReport[];
  /** Other files that must be rewritten too: generated code here uses variables that they do not export. */
  readonly owners: readonly string[];
}

/** Whether a file can contain a marker call at all, if no other file hands the markers on (`importsMarkers`). */
export const mentionsAdjoint = (text: string): boolean => /\badjoint\b/.test(text);
/** Whether rewriting can change a file: it may hold marker calls, or variables that generated code elsewhere uses. */
export const mayChange = (text: string): boolean => mentionsAdjoint(text) || mayKeepVariables(text);

/**
 * Compiles the marker calls of a file. Never throws for a program that it cannot handle: the diagnostics say why. `observe` is
 * shown the IR of each marker call after each pass.
 */
export function rewrite(
  ts: TypeScript,
  program: ts.Program,
  file: ts.SourceFile,
  options: CompilerOptions = {},
  observe?: Observer,
): RewriteResult {
  const host: Host = { ts, program, checker: program.getTypeChecker() };
  const accessors = accessorsFor(host, file, options);
  const rewriter =
    askedBefore(host, file, options, observe) ?? new FileRewriter(host, file, options, observe);
  const result = rewriter.run(accessors);
  keepNeeds(rewriter);
  return result;
}

/** A file that may hold marker calls, with what it imports. */
interface Asker {
  readonly file: ts.SourceFile;
  readonly imports: ReadonlySet<ts.SourceFile>;
}
const askersOf = new WeakMap<ts.Program, readonly Asker[]>();
function askers(host: Host): readonly Asker[] {
  const { program } = host;
  const known = askersOf.get(program);
  if (known !== undefined) return known;
  const found = program
    .getSourceFiles()
    .filter(
      (f) =>
        !f.isDeclarationFile &&
        !program.isSourceFileFromExternalLibrary(f) &&
        (mentionsAdjoint(f.text) || importsMarkers(host.ts, program, f.fileName, f.text)),
    )
    .map((file): Asker => ({ file, imports: importsOf(host, file) }));
  askersOf.set(program, found);
  return found;
}

/** What the generated code of a file needs of others, and what was read for it. */
interface Needs {
  readonly needed: Needed;
  readonly read: readonly ts.SourceFile[];
  readonly options: CompilerOptions;
  /** After errors it counts for this program only. */
  readonly program: ts.Program | undefined;
}
/** A file that is not edited is the same object in the next program of a language service. */
const needsOf = new WeakMap<ts.SourceFile, Needs>();
function keepNeeds({ file, host: { program }, options, reach, bodiesRead, hasErrors }: FileRewriter): void {
  const read = [...bodiesRead].flatMap((name) => program.getSourceFile(name) ?? []);
  needsOf.set(file, { needed: reach.needed, read, options, program: hasErrors ? program : undefined });
}
/** What a file needs as it was compiled last, if no body that was read then has been edited since. */
function knownNeeds({ program }: Host, file: ts.SourceFile, options: CompilerOptions): Needed | undefined {
  const known = needsOf.get(file);
  if (!known || !sameOptions(known.options, options)) return undefined;
  const isCurrent = known.program === undefined || known.program === program;
  return isCurrent && known.read.every((f) => program.getSourceFile(f.fileName) === f)
    ? known.needed
    : undefined;
}
/** Files that were compiled to know what they need, and wait for their own turn. */
const waiting = new WeakMap<ts.SourceFile, FileRewriter>();

function askedBefore(
  { program }: Host,
  file: ts.SourceFile,
  options: CompilerOptions,
  observe: Observer | undefined,
): FileRewriter | undefined {
  const rewriter = waiting.get(file);
  waiting.delete(file);
  const isSame = rewriter?.host.program === program && sameOptions(rewriter.options, options);
  return isSame && !observe ? rewriter : undefined;
}
const sameOptions = (a: CompilerOptions, b: CompilerOptions): boolean =>
  JSON.stringify(a) === JSON.stringify(b) && a.dump === undefined;

function neededBy(host: Host, { file }: Asker, options: CompilerOptions): Needed {
  const { dump, ...rest } = options;
  const known = knownNeeds(host, file, rest);
  if (known !== undefined) return known;
  const rewriter = new FileRewriter(host, file, rest);
  rewriter.compileSites();
  keepNeeds(rewriter);
  waiting.set(file, rewriter);
  return rewriter.reach.needed;
}

export interface Accessors {
  readonly names: ReadonlySet<string>;
  readonly askers: readonly string[];
}
/** The accessors that a file has to give to others of its program, and which files these are. */
function accessorsFor(host: Host, file: ts.SourceFile, options: CompilerOptions): Accessors {
  const all = mayKeepVariables(file.text) ? askers(host) : [];
  const asking = all
    .filter((a) => a.file !== file && a.imports.has(file))
    .map((a) => ({ file: a.file, names: neededBy(host, a, options).get(file.fileName) }))
    .filter((a) => a.names !== undefined);
  const names = new Set(asking.flatMap((a) => [...(a.names ?? [])]));
  return { names, askers: asking.map((a) => a.file.fileName) };
}
