/** Where the imports stand that are added to a file: behind the user's own, so that modules run in the same order. */
import type { Host, ts } from './host/ts.js';
import type { Edit } from './rewrite.js';

/**
 * `support` is what generated code needs wherever it runs: as an older module, where an import is a statement like others, a file may
 * call it above its last import. What is `reached` in other modules of the program stays behind all imports: it runs in their order.
 */
export function importEdits(
  ts: Host['ts'],
  file: ts.SourceFile,
  support: readonly string[],
  reached: readonly string[],
): readonly Edit[] {
  const { statements } = file;
  const firstCode = statements.findIndex((s) => !runsNothing(ts, s));
  const before = firstCode < 0 ? statements : statements.slice(0, firstCode);
  const last = lastImport(ts, statements);
  const early = lastImport(ts, before);
  const isOnePlace = early === last || support.length === 0;
  const code = statements[Math.max(firstCode, 0)]?.getStart(file) ?? 0;
  if (isOnePlace) return editAt(file, last, code, [...support, ...reached]);
  return [...editAt(file, early, code, support), ...editAt(file, last, code, reached)];
}

function editAt(
  file: ts.SourceFile,
  behind: ts.Statement | undefined,
  start: number,
  lines: readonly string[],
): readonly Edit[] {
  if (lines.length === 0) return [];
  if (!behind) return [{ at: start, text: `${lines.join(' ')} ` }];
  // an import may end without its semicolon
  const between = behind.getText(file).endsWith(';') ? ' ' : '; ';
  return [{ at: behind.end, text: between + lines.join(' ') }];
}
const lastImport = (ts: Host['ts'], statements: readonly ts.Statement[]): ts.Statement | undefined =>
  statements.filter((s) => ts.isImportDeclaration(s)).pop();

/** Imports, directives, and declarations of what needs no code to be there. */
const runsNothing = (ts: Host['ts'], s: ts.Statement): boolean =>
  ts.isImportDeclaration(s) ||
  ts.isImportEqualsDeclaration(s) ||
  ts.isExportDeclaration(s) ||
  ts.isFunctionDeclaration(s) ||
  ts.isInterfaceDeclaration(s) ||
  ts.isTypeAliasDeclaration(s) ||
  (ts.isExpressionStatement(s) && ts.isStringLiteral(s.expression));
