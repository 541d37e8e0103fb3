/**
 * **Question**: may a file hold marker calls although it does not name the package? It may where a file that it imports hands markers on:
 * `export { grad as D } from 'adjoint'`. **Method**: of all files of a program those are found, once, that name the package and
 * re-export something, then the program's own files that re-export something of these; names are not looked at.
 */
import { symbolOf } from './host/scopes.js';
import { perProgram } from './host/sources.js';
import type { Host, TypeScript, ts } from './host/ts.js';

/** Whether a file of this text imports a file of the program that may hand markers on. */
export function importsMarkers(ts: TypeScript, program: ts.Program, file: string, text: string): boolean {
  const host: Host = { ts, program, checker: program.getTypeChecker() };
  const barrels = barrelsOf(host);
  const known = program.getSourceFile(file);
  if (known) return importsOneOf(host, known, barrels);
  const names = new Set([...barrels].map((f) => f.fileName));
  return ts
    .preProcessFile(text, true, false)
    .importedFiles.some(({ fileName }) => names.has(resolved(host, fileName, file) ?? ''));
}
const barrelsOf = perProgram((host): ReadonlySet<ts.SourceFile> => {
  const { ts, program } = host;
  const reexporting = program
    .getSourceFiles()
    .filter((f) => f.statements.some((s) => ts.isExportDeclaration(s) || ts.isExportAssignment(s)));
  const found = new Set(reexporting.filter((f) => /\badjoint\b/.test(f.text)));
  const waiting = new Set(reexporting.filter((f) => !found.has(f) && !f.isDeclarationFile));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const f of waiting)
      if (importsOneOf(host, f, found)) {
        found.add(f);
        waiting.delete(f);
      }
  }
  return found;
});
function importsOneOf(host: Host, file: ts.SourceFile, files: ReadonlySet<ts.SourceFile>): boolean {
  return file.statements.some((s) => {
    const specifier = specifierOf(host.ts, s);
    const d = specifier && symbolOf(host, specifier)?.valueDeclaration;
    return d !== undefined && files.has(d.getSourceFile());
  });
}
/** The module that a statement imports, or re-exports something of. */
function specifierOf(ts: TypeScript, s: ts.Statement): ts.Expression | undefined {
  if (ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) return s.moduleSpecifier;
  const isRequired = ts.isImportEqualsDeclaration(s) && ts.isExternalModuleReference(s.moduleReference);
  return isRequired ? (s.moduleReference as ts.ExternalModuleReference).expression : undefined;
}
/** For files that the program does not have. */
const resolved = ({ ts, program }: Host, specifier: string, from: string): string | undefined =>
  ts.resolveModuleName(specifier, from, program.getCompilerOptions(), ts.sys).resolvedModule
    ?.resolvedFileName;
