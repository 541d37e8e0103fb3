/** Exceptions inside the compiler: a build never dies of one, it is told where it was met. */
import { CATALOG } from './diagnostics/catalog.js';
import { type AdjointDiagnostic, docsOf, type Place } from './diagnostics/diagnostic.js';
import type { TypeScript, ts } from './host/ts.js';
import type { CompilerOptions } from './options.js';
import type { RewriteResult } from './rewrite.js';

type Rewrite = (
  ts: TypeScript,
  program: ts.Program,
  file: ts.SourceFile,
  options?: CompilerOptions,
) => RewriteResult;

/** `rewrite`, which never throws: an exception is AD7001 at the first statement, and the file stays as it is. */
export function rewriteSafely(
  rewrite: Rewrite,
  ...[ts, program, file, options]: Parameters<Rewrite>
): RewriteResult {
  try {
    return rewrite(ts, program, file, options);
  } catch (error) {
    const start = file.getStart(file);
    const length = (file.statements[0]?.end ?? start) - start;
    const diagnostics = [internalError(error, { file: file.fileName, start, length })];
    return {
      code: file.text,
      edits: [],
      changed: false,
      diagnostics,
      dependencies: [],
      generated: [],
      owners: [],
    };
  }
}

/** An exception as AD7001; `name` is the function that was being differentiated. `ADJOINT_DEBUG` shows the stack too. */
export function internalError(error: unknown, place: Place, name?: string): AdjointDiagnostic {
  const { console, process } = globalThis as Surroundings;
  if (process?.env?.ADJOINT_DEBUG) console?.error(error);
  const reason = error instanceof Error ? error.message : String(error);
  const during = name === undefined ? '' : ` while \`${name}\` was differentiated`;
  return {
    code: 'AD7001',
    severity: 'error',
    message: `internal error${during}: ${reason.split('\n')[0]}`,
    ...place,
    related: [],
    help: CATALOG.AD7001.help,
    docs: docsOf('AD7001'),
  };
}

interface Surroundings {
  readonly console?: { error(what: unknown): void };
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}
