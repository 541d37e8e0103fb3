/** Prints diagnostics with the source text that they point to. */
import { type AdjointDiagnostic, ROOT, type Sources } from './compile.js';

interface Place {
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

function relative(file: string): string {
  return file.startsWith(`${ROOT}/`) ? file.slice(ROOT.length + 1) : file;
}
/** `file:line:col`, the line, and carets under the part that is meant (the first line of it). */
function frame(place: Place, sources: Sources): string[] {
  const name = relative(place.file);
  const text = sources[name];
  if (text === undefined) return [`  --> ${name}: not a file of the program`];
  const before = text.slice(0, place.start);
  const line = before.split('\n').length;
  const column = place.start - (before.lastIndexOf('\n') + 1);
  const full = text.split('\n')[line - 1];
  const width = Math.max(1, Math.min(place.length, full.length - column));
  return [
    `  --> ${name}:${line}:${column + 1}`,
    `  | ${full}`,
    `  | ${' '.repeat(column)}${'^'.repeat(width)}`,
  ];
}

export function renderDiagnostics(diagnostics: readonly AdjointDiagnostic[], sources: Sources): string {
  const blocks = diagnostics.map((d) => {
    const related = d.related.flatMap((r) => [`  note: ${r.message}`, ...frame(r, sources)]);
    const help = d.help === undefined ? [] : [`  help: ${d.help}`];
    return [`${d.severity} ${d.code}: ${d.message}`, ...frame(d, sources), ...related, ...help].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
