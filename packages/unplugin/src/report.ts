import { readFileSync } from 'node:fs';
import type { AdjointDiagnostic } from '@adjoint/compiler';
import type { UnpluginContext, UnpluginContextMeta, UnpluginMessage } from 'unplugin';

interface Place {
  readonly file: string;
  readonly start: number;
}

/** Hands the diagnostics of `file` to the bundler; returns the number of errors. Rollup and Vite throw at an error. */
export function reportDiagnostics(
  context: UnpluginContext,
  meta: UnpluginContextMeta,
  file: string,
  code: string,
  diagnostics: readonly AdjointDiagnostic[],
): number {
  const locate = locator(file, code);
  const message = (reported: readonly AdjointDiagnostic[]): UnpluginMessage => ({
    id: file,
    message: reported.map((d) => describe(d, locate)).join('\n\n'),
    loc: locate(reported[0]!),
  });
  for (const warning of diagnostics.filter((d) => d.severity === 'warning')) context.warn(message([warning]));
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const throwsAtOnce = !['esbuild', 'webpack', 'rspack'].includes(meta.framework);
  const groups = throwsAtOnce && errors.length > 0 ? [errors] : errors.map((error) => [error]);
  for (const group of groups) context.error(message(group));
  return errors.length;
}

type Locate = (place: Place) => { file: string; line: number; column: number };

/** Line (from 1) and column (from 0, as Rollup and esbuild count) of a place; `code` is the text of `file`. */
function locator(file: string, code: string): Locate {
  return (place) => {
    const lines = textOf(place.file, file, code)
      .slice(0, place.start)
      .split(/\r\n|[\n\r\u2028\u2029]/);
    return { file: place.file, line: lines.length, column: lines.at(-1)?.length ?? 0 };
  };
}

function textOf(wanted: string, file: string, code: string): string {
  if (wanted === file) return code;
  try {
    return readFileSync(wanted, 'utf8');
  } catch {
    return '';
  }
}

function describe(diagnostic: AdjointDiagnostic, locate: Locate): string {
  const at = (place: Place) => {
    const { file, line, column } = locate(place);
    return `${file}:${line}:${column + 1}`;
  };
  return [
    `${diagnostic.code}: ${diagnostic.message}`,
    `  at ${at(diagnostic)}`,
    ...diagnostic.related.map((related) => `  ${related.message}: ${at(related)}`),
    ...(diagnostic.help === undefined ? [] : [`  help: ${diagnostic.help}`]),
  ].join('\n');
}
