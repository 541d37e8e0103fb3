/** Exceptions inside the compiler: a build never dies of one, it is told where it was met. */
import { CATALOG, type Code } from './diagnostics/catalog.js';
import { type AdjointDiagnostic, Diagnostics, docsOf, type Place } from './diagnostics/diagnostic.js';
import type { TypeScript, ts } from './host/ts.js';
import type { CompilerOptions } from './options.js';
import type { RewriteResult } from './rewrite.js';

type Rewrite = (
  ts: TypeScript,
  program: ts.Program,
  file: ts.SourceFile,
  options?: CompilerOptions,
) => RewriteResult;

/** Whether the stack was too short for what is nested in a program, be it that of TypeScript's own checker. */
const isOverflow = (error: unknown): boolean =>
  error instanceof RangeError && /call stack/i.test(error.message);

/** `rewrite`, which never throws: an exception is an error at the first statement, and the file stays as it is. */
export function rewriteSafely(
  rewrite: Rewrite,
  ...[ts, program, file, options]: Parameters<Rewrite>
): RewriteResult {
  try {
    return rewrite(ts, program, file, options);
  } catch (error) {
    const start = file.getStart(file);
    const length = (file.statements[0]?.end ?? start) - start;
    const diagnostics = [told(error, { file: file.fileName, start, length }, { ts, program, file })];
    return {
      code: file.text,
      edits: [],
      changed: false,
      diagnostics,
      dependencies: [],
      generated: [],
      reports: [],
      owners: [],
    };
  }
}

/** What was compiled when the exception came; `name` is the function that was being differentiated. */
interface Circumstances {
  readonly ts: TypeScript;
  readonly program: ts.Program;
  readonly file: ts.SourceFile;
  readonly name?: string;
}

/** What the user is told of an exception: it is a bug of the compiler, unless the source explains it. */
export function told(
  error: unknown,
  place: Place,
  { ts, program, file, name }: Circumstances,
): AdjointDiagnostic {
  if (isOverflow(error)) {
    const what = name === undefined ? 'this file' : 'the function';
    return one('AD2014', place, `${what} is nested too deeply for the compiler`);
  }
  const [broken] = program.getSyntacticDiagnostics(file);
  if (broken === undefined) return internalError(error, place, name);
  const reason = ts.flattenDiagnosticMessageText(broken.messageText, ' ').replace(/\.$/, '');
  const { start, length } = broken;
  return one('AD2000', { file: file.fileName, start, length }, `the file has a syntax error: ${reason}`);
}
function one(code: Code, place: Place, message: string): AdjointDiagnostic {
  const all = new Diagnostics();
  all.report(code, place, [], message);
  return all.sorted()[0];
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
