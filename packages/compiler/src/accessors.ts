/**
 * Variables of a module that it does not export, for generated code in another file: functions with reserved names, added at the
 * end of the file of the owner when that is rewritten too. Private static fields, for generated code anywhere: static methods, added
 * at the end of their class.
 */
import { symbolOf } from './host/scopes.js';
import type { Host, ts } from './host/ts.js';

export type Access = 'get' | 'set';
/** The accessors that one file needs of others: by file, their names. */
export type Needed = ReadonlyMap<string, ReadonlySet<string>>;

const PREFIX = 'adjoint_';
export const accessorName = (access: Access, variable: string): string => `${PREFIX}${access}_${variable}`;
/** The method that gives or sets a private static field; asked for by the name of the class, and that. */
export const memberAccessorName = (access: Access, field: string): string =>
  accessorName(access, field.slice(1));
export const ofClass = (owner: string, member: string): string => `${owner}.${member}`;

/** Whether accessors can be added to a file: it is part of the program's own sources. */
export function takesAccessors(host: Host, file: ts.SourceFile): boolean {
  const { program, ts } = host;
  return (
    !file.isDeclarationFile &&
    ts.isExternalModule(file) &&
    !program.isSourceFileFromExternalLibrary(file) &&
    program.getSourceFile(file.fileName) === file
  );
}

/** Whether a file may hold variables that it keeps to itself, by its text. */
export const mayKeepVariables = (text: string): boolean =>
  /^[ \t]*(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:let|var|const|class|function)\b/m.test(text);

/** The text of accessors by their names. */
export function accessorTexts(file: ts.SourceFile, names: Iterable<string>): string[] {
  const typed = /\.[cm]?tsx?$/.test(file.fileName);
  const ofModule = [...names].filter((name) => !name.includes('.'));
  return ofModule.sort().map((name) => {
    const [, access, variable] = /^adjoint_(get|set)_(.+)$/.exec(name) ?? [];
    const type = (before: string, text: string): string => (typed ? `${before}${text}` : '');
    const of = `typeof ${variable}`;
    return access === 'get'
      ? `/** @internal */\nexport function ${name}()${type(': ', of)} {\n  return ${variable};\n}`
      : `/** @internal */\nexport function ${name}(value${type(': ', of)})${type(': ', 'void')} {\n  ${variable} = value;\n}`;
  });
}

/** Static methods for private static fields of the classes of a file, by their names: where they stand, and their text. */
export function memberAccessors(
  { ts }: Host,
  file: ts.SourceFile,
  names: Iterable<string>,
): { readonly at: number; readonly text: string }[] {
  const typed = /\.[cm]?tsx?$/.test(file.fileName);
  const any = typed ? ': any' : '';
  return [...names].sort().flatMap((name) => {
    const [, owner, method, access, field] = /^(.+)\.(adjoint_(get|set)_(.+))$/.exec(name) ?? [];
    const d = file.statements.find((s) => ts.isClassDeclaration(s) && s.name?.text === owner);
    if (d === undefined) return [];
    const [parameter, body] =
      access === 'get' ? ['', `return ${owner}.#${field}`] : [`value${any}`, `${owner}.#${field} = value`];
    return [{ at: d.end - 1, text: `/** @internal */ static ${method}(${parameter})${any} { ${body}; } ` }];
  });
}

/** The files of the program that a file imports, itself included, at any distance. */
export function importsOf(
  host: Host,
  file: ts.SourceFile,
  found = new Set<ts.SourceFile>(),
): Set<ts.SourceFile> {
  if (found.has(file)) return found;
  found.add(file);
  const { ts } = host;
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) && !ts.isExportDeclaration(s)) continue;
    const home = s.moduleSpecifier && symbolOf(host, s.moduleSpecifier)?.valueDeclaration?.getSourceFile();
    if (home && !home.isDeclarationFile) importsOf(host, home, found);
  }
  return found;
}
