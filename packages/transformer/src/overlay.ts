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

/**
 * `host`, but files with an overlay are parsed from it, and others are not parsed again: `program` has them. Nothing of `host` is
 * changed: watch mode keeps it.
 */
export function overlayHost(
  tsApi: typeof ts,
  host: ts.CompilerHost,
  program: ts.Program,
  overlays: ReadonlyMap<string, Overlay>,
): ts.CompilerHost {
  const served = Object.create(host) as ts.CompilerHost;
  const parse = (fileName: string, version: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    const overlay = overlays.get(fileName);
    if (overlay === undefined) return undefined;
    const file = tsApi.createSourceFile(fileName, overlay.text, version);
    return Object.assign(file, { version: overlay.version });
  };
  const parsed = (fileName: string, isNew: boolean | undefined): ts.SourceFile | undefined => {
    const file = isNew ? undefined : program.getSourceFile(fileName);
    // one that stands for the same file of the same package elsewhere is the next program's to make
    return file !== undefined && 'redirectInfo' in file && file.redirectInfo !== undefined ? undefined : file;
  };
  served.getSourceFile = (fileName, version, onError, isNew) =>
    parse(fileName, version) ??
    parsed(fileName, isNew) ??
    host.getSourceFile(fileName, version, onError, isNew);
  if (host.getSourceFileByPath) {
    served.getSourceFileByPath = (fileName, path, version, onError, isNew) =>
      parse(fileName, version) ??
      parsed(fileName, isNew) ??
      host.getSourceFileByPath?.(fileName, path, version, onError, isNew);
  }
  return served;
}
