import { basename } from 'node:path';
import type * as adjoint from '@adjoint/compiler';
import { internalError } from '@adjoint/compiler';
import type ts from 'typescript';
import { setupError, toTsDiagnostic } from './diagnostics.js';
import { blockOnSetupErrors, guardProgram } from './guard.js';
import { overlayHost } from './overlay.js';
import { readPluginEntry } from './plugin-entry.js';
import { type RewrittenProgram, rewriteProgram } from './rewrite-program.js';

/** What this package needs of `@adjoint/compiler`. */
export type Compiler = Pick<
  typeof adjoint,
  'rewrite' | 'importsMarkers' | 'mentionsAdjoint' | 'validateOptions'
>;

/** The entry of `compilerOptions.plugins` that named this transformer. */
export type PluginEntry = Readonly<Record<string, unknown>>;

/** What ts-patch hands to a transformer; `addDiagnostic` only to one that was configured as a source transformer. */
export interface TransformerExtras {
  readonly ts: typeof ts;
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => unknown;
}

export type ProgramTransformer = (
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  entry: PluginEntry,
  extras: TransformerExtras,
) => ts.Program;

/** Makes the transformer; never throws once ts-patch has called it: whatever goes wrong becomes a diagnostic. */
export function createTransformer(compiler: Compiler): ProgramTransformer {
  return (program, host, entry, extras) => {
    if (extras?.ts === undefined)
      return refuseSourceTransformer(program, entry as unknown as TransformerExtras);
    // An editor needs the text that is on the screen; its diagnostics are the business of the editor plugin.
    if (basename(process.argv[1] ?? '').startsWith('tsserver')) return program;
    try {
      const { options, errors } = readPluginEntry(compiler, program, entry);
      if (errors.length > 0) return blockOnSetupErrors(program, errors);
      const rewritten = rewriteProgram(extras.ts, compiler, program, options);
      return rewritten === undefined ? program : buildProgram(extras.ts, program, host, rewritten);
    } catch (error) {
      const nowhere = { file: '', start: 0, length: 0 };
      return blockOnSetupErrors(program, [toTsDiagnostic(extras.ts, program, internalError(error, nowhere))]);
    }
  };
}

/** The program that is checked and emitted: the rewritten text, or the user's own text if there are errors. */
function buildProgram(
  tsApi: typeof ts,
  program: ts.Program,
  host: ts.CompilerHost | undefined,
  rewritten: RewrittenProgram,
): ts.Program {
  const options = program.getCompilerOptions();
  if (rewritten.overlays.size === 0) return guardProgram(tsApi, program, rewritten);
  // No oldProgram: with it, --watch takes over source files without their rewritten text.
  const next = tsApi.createProgram({
    rootNames: program.getRootFileNames(),
    options,
    host: overlayHost(tsApi, host ?? tsApi.createCompilerHost(options), program, rewritten.overlays),
    projectReferences: program.getProjectReferences(),
    configFileParsingDiagnostics: program.getConfigFileParsingDiagnostics(),
  });
  return guardProgram(tsApi, next, rewritten);
}

/**
 * Called as `(program, entry, extras)`: `transformProgram` was forgotten. Reports that, emits nothing, and returns a
 * source transformer that does nothing.
 */
function refuseSourceTransformer(program: ts.Program, extras: TransformerExtras | undefined): ts.Program {
  const message =
    '@adjoint/transformer is a Program transformer: add "transformProgram": true to its plugin entry';
  const diagnostic = setupError(message);
  extras?.addDiagnostic?.(diagnostic);
  blockOnSetupErrors(program, [diagnostic]);
  const patched = program as { originalEmit?: ts.Program['emit'] };
  if (patched.originalEmit) patched.originalEmit = () => ({ emitSkipped: true, diagnostics: [diagnostic] });
  return (() => (file: ts.SourceFile) => file) as unknown as ts.Program;
}
