import type { Edit } from '@adjoint/compiler';
import type ts from 'typescript';

/** What a file is served as. */
export interface Overlay {
  readonly text: string;
  /** Builder programs compare it: it must change whenever the text or the errors in it do. */
  readonly version: string;
}

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where the inserted text stands in the rewritten text. */
export function insertedRanges(edits: readonly Edit[]): TextRange[] {
  let shift = 0;
  return edits.map(({ at, text }) => {
    const start = at + shift;
    shift += text.length;
    return { start, end: start + text.length };
  });
}

/** `host`, but files with an overlay are parsed from it. Nothing of `host` is changed: watch mode keeps it. */
export function overlayHost(
  tsApi: typeof ts,
  host: ts.CompilerHost,
  overlays: ReadonlyMap<string, Overlay>,
): ts.CompilerHost {
  const served = Object.create(host) as ts.CompilerHost;
  const parse = (fileName: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    const overlay = overlays.get(fileName);
    if (overlay === undefined) return undefined;
    const file = tsApi.createSourceFile(fileName, overlay.text, version);
    return Object.assign(file, { version: overlay.version });
  };
  served.getSourceFile = (fileName, version, ...rest) =>
    parse(fileName, version) ?? host.getSourceFile(fileName, version, ...rest);
  if (host.getSourceFileByPath) {
    served.getSourceFileByPath = (fileName, path, version, ...rest) =>
      parse(fileName, version) ?? host.getSourceFileByPath?.(fileName, path, version, ...rest);
  }
  return served;
}
