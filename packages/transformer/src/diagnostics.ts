import type { AdjointDiagnostic } from '@adjoint/compiler';
import type ts from 'typescript';

/** tsc prints every code as `TSnnnn`; ours keep clear of TypeScript's, and the message begins with the AD code. */
const CODE_BASE = 900_000;
const ERROR = 1 satisfies ts.DiagnosticCategory.Error;
const WARNING = 0 satisfies ts.DiagnosticCategory.Warning;
const MESSAGE = 3 satisfies ts.DiagnosticCategory.Message;

interface Place {
  readonly file: ts.SourceFile;
  readonly start: number;
  readonly length: number;
}

/** A mistake in the set-up: `AD0003`. Without a place it is reported for the project as a whole. */
export function setupError(message: string, place?: Place): ts.Diagnostic {
  return {
    category: ERROR,
    code: CODE_BASE + 3,
    file: place?.file,
    start: place?.start,
    length: place?.length,
    messageText: `AD0003: ${message}`,
  };
}

/**
 * The diagnostic as TypeScript's own, at its place in the text of `program`'s files. A place that the program does not
 * check (a declaration file, an implementation in node_modules) moves to a related place and stands in the message.
 */
export function toTsDiagnostic(
  tsApi: typeof ts,
  program: ts.Program,
  from: AdjointDiagnostic,
): ts.Diagnostic {
  const category = from.severity === 'error' ? ERROR : WARNING;
  const code = CODE_BASE + Number(from.code.slice(2));
  const own = checkedPlace(program, from);
  const place = own ?? from.related.map((r) => checkedPlace(program, r)).find((p) => p !== undefined);
  const where = own || from.file === '' ? '' : ` (at ${describePlace(tsApi, from)})`;
  const text = `${from.code}: ${from.message}${where}`;
  const help = from.help === undefined ? undefined : `help: ${from.help}`;
  return {
    category,
    code,
    file: place?.file,
    start: place?.start,
    length: place?.length,
    messageText: help
      ? { messageText: text, category, code, next: [{ messageText: help, category: MESSAGE, code }] }
      : text,
    relatedInformation: from.related.map((related) => toRelated(tsApi, program, related, code)),
  };
}

function toRelated(
  tsApi: typeof ts,
  program: ts.Program,
  related: AdjointDiagnostic['related'][number],
  code: number,
): ts.DiagnosticRelatedInformation {
  const file = program.getSourceFile(related.file);
  const base = { category: MESSAGE, code } as const;
  return file
    ? { ...base, file, start: related.start, length: related.length, messageText: related.message }
    : {
        ...base,
        file: undefined,
        start: undefined,
        length: undefined,
        messageText: `${describePlace(tsApi, related)}: ${related.message}`,
      };
}

function checkedPlace(
  program: ts.Program,
  at: { readonly file: string; readonly start: number; readonly length: number },
): Place | undefined {
  const file = at.file === '' ? undefined : program.getSourceFile(at.file);
  return file && !file.isDeclarationFile ? { file, start: at.start, length: at.length } : undefined;
}

/** `file:line:column` of a place in a file that is not part of the program. */
function describePlace(tsApi: typeof ts, at: { readonly file: string; readonly start: number }): string {
  const before = (tsApi.sys?.readFile(at.file) ?? '').slice(0, at.start).split('\n');
  return `${at.file}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
