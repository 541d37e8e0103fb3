import { createHash } from 'node:crypto';
import {
  type AdjointDiagnostic,
  type CompilerOptions,
  type RewriteResult,
  rewriteSafely,
} from '@adjoint/compiler';
import type ts from 'typescript';
import { toTsDiagnostic } from './diagnostics.js';
import { insertedRanges, type Overlay, type TextRange } from './overlay.js';
import type { Compiler } from './transformer.js';

/** All that the next program must serve, report and hold back. */
export interface RewrittenProgram {
  /** By file name of the program. */
  readonly overlays: ReadonlyMap<string, Overlay>;
  /** Text that is not the user's, by file name: what TypeScript says about it is not reported. */
  readonly inserted: ReadonlyMap<string, readonly TextRange[]>;
  readonly errors: readonly AdjointDiagnostic[];
  /** Not empty: nothing is written, for these reasons. */
  readonly blockers: readonly ts.Diagnostic[];
}

interface FileResult {
  readonly file: ts.SourceFile;
  readonly result: RewriteResult;
}

/**
 * Rewrites every file that may hold markers; `undefined` if there is nothing to do.
 *
 * An error, ours or the user's own in a file whose markers are compiled, blocks the build; then all files keep the
 * text that the user wrote, so that every diagnostic stands at its true place. The version of a file covers its text
 * and the errors that stand in it: both depend on bodies in other files, which no incremental build tracks.
 */
export function rewriteProgram(
  tsApi: typeof ts,
  compiler: Compiler,
  program: ts.Program,
  options: CompilerOptions,
): RewrittenProgram | undefined {
  const candidates = program
    .getSourceFiles()
    .filter((file) => mayHoldMarkers(tsApi, compiler, program, file));
  const [broken, sound] = partition(candidates, (f) => program.getSyntacticDiagnostics(f).length > 0);
  const results = sound.map((file) => rewriteFile(tsApi, compiler, program, file, options));
  const owners = ownersIn(program, results).filter((file) => !candidates.includes(file));
  results.push(...owners.map((file) => rewriteFile(tsApi, compiler, program, file, options)));
  const involved = results.filter(({ result }) => result.changed || result.diagnostics.length > 0);
  if (involved.length === 0 && broken.length === 0) return undefined;

  const reported = involved.flatMap(({ result }) => result.diagnostics);
  printWarnings(
    tsApi,
    program,
    reported.filter((d) => d.severity === 'warning'),
  );
  const errors = reported.filter((d) => d.severity === 'error');
  const blockers =
    errors.length > 0
      ? errors.map((error) => toTsDiagnostic(tsApi, program, error))
      : ownErrors(program, [...broken, ...involved.flatMap((entry) => filesRead(program, entry))]);
  return blockers.length > 0
    ? { overlays: errorOverlays(program, blockers, errors), inserted: new Map(), errors, blockers }
    : rewrittenText(involved);
}

/** The files that have to give accessors to generated code in others. */
function ownersIn(program: ts.Program, results: readonly FileResult[]): ts.SourceFile[] {
  const names = new Set(results.flatMap(({ result }) => result.owners));
  return [...names].flatMap((name) => program.getSourceFile(name) ?? []);
}

function rewrittenText(involved: readonly FileResult[]): RewrittenProgram {
  const changed = involved.filter(({ result }) => result.changed);
  return {
    overlays: new Map(
      changed.map(({ file, result }) => [file.fileName, { text: result.code, version: hash(result.code) }]),
    ),
    inserted: new Map(
      changed.map(({ file, result }) => [
        file.fileName,
        [...insertedRanges(result.edits), ...result.generated],
      ]),
    ),
    errors: [],
    blockers: [],
  };
}

/** Files in which errors stand keep their text and get a version of their own. */
function errorOverlays(
  program: ts.Program,
  blockers: readonly ts.Diagnostic[],
  errors: readonly AdjointDiagnostic[],
): Map<string, Overlay> {
  const overlays = new Map<string, Overlay>();
  if (errors.length === 0) return overlays;
  for (const file of program.getSourceFiles()) {
    const here = errors.filter((_, i) => blockers[i]?.file === file);
    if (here.length === 0) continue;
    overlays.set(file.fileName, { text: file.text, version: hash(`${file.text}\0${JSON.stringify(here)}`) });
  }
  return overlays;
}

function mayHoldMarkers(
  tsApi: typeof ts,
  compiler: Compiler,
  program: ts.Program,
  file: ts.SourceFile,
): boolean {
  return (
    /\.[cm]?tsx?$/.test(file.fileName) &&
    !file.isDeclarationFile &&
    !program.isSourceFileFromExternalLibrary(file) &&
    (compiler.mentionsAdjoint(file.text) || compiler.importsMarkers(tsApi, program, file.fileName, file.text))
  );
}

/** Errors of its own explain why the compiler failed on a file: then these are reported, and they block the build. */
function rewriteFile(
  tsApi: typeof ts,
  compiler: Compiler,
  program: ts.Program,
  file: ts.SourceFile,
  options: CompilerOptions,
): FileResult {
  const result = rewriteSafely(compiler.rewrite, tsApi, program, file, options);
  const failed = result.diagnostics.some((d) => d.code === 'AD7001');
  if (!failed || ownErrors(program, [file]).length === 0) return { file, result };
  const diagnostics = result.diagnostics.filter((d) => d.code !== 'AD7001');
  return { file, result: { ...result, diagnostics, changed: true } };
}

/** The file and those of its dependencies that are sources of this program. */
function filesRead(program: ts.Program, { file, result }: FileResult): ts.SourceFile[] {
  const read = result.dependencies.map((name) => program.getSourceFile(name));
  return [
    file,
    ...read.filter((f) => f !== undefined && !f.isDeclarationFile && f !== file),
  ] as ts.SourceFile[];
}

/** Errors that the user's own text has: no derivative is made from a program that does not type-check. */
function ownErrors(program: ts.Program, files: readonly ts.SourceFile[]): ts.Diagnostic[] {
  return [...new Set(files)]
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .filter((d) => d.category === 1 && !d.reportsUnnecessary);
}

/** Printed, not returned: tsc fails a build for any diagnostic, whatever its category. */
function printWarnings(tsApi: typeof ts, program: ts.Program, warnings: readonly AdjointDiagnostic[]): void {
  if (warnings.length === 0) return;
  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => program.getCurrentDirectory(),
    getNewLine: () => '\n',
  };
  const pretty = program.getCompilerOptions().pretty ?? tsApi.sys?.writeOutputIsTTY?.() ?? false;
  const format = pretty ? tsApi.formatDiagnosticsWithColorAndContext : tsApi.formatDiagnostics;
  const text = format(
    warnings.map((w) => toTsDiagnostic(tsApi, program, w)),
    host,
  );
  if (tsApi.sys) tsApi.sys.write(text);
  else process.stdout.write(text);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}
