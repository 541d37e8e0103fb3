/** The functions of `source.ts` as nodes of the host compiler, with a checker of their own. */
import type { FunctionNode } from '../host/scopes.js';
import type { Host, TypeScript, ts } from '../host/ts.js';
import { NEWTON_SOURCE } from './newton.js';
import { RULE_SOURCE } from './rule-source.js';
import { LIBRARY_SOURCE } from './source.js';

export interface Library {
  readonly host: Host;
  readonly file: ts.SourceFile;
  readonly functions: ReadonlyMap<string, FunctionNode>;
  /** The class that stands for errors of the engine. */
  readonly thrown: ts.ClassDeclaration;
}

const FILE = '/adjoint-library.js';
const libraries = new WeakMap<TypeScript, Library>();

export function libraryOf(ts: TypeScript): Library {
  const known = libraries.get(ts);
  if (known) return known;
  const file = ts.createSourceFile(
    FILE,
    LIBRARY_SOURCE + RULE_SOURCE + NEWTON_SOURCE,
    ts.ScriptTarget.ES2022,
    true,
    ts.ScriptKind.JS,
  );
  const options: ts.CompilerOptions = { noLib: true, noResolve: true, allowJs: true, types: [] };
  const program = ts.createProgram({
    rootNames: [FILE],
    options,
    host: {
      getSourceFile: (name) => (name === FILE ? file : undefined),
      getDefaultLibFileName: () => '/lib.d.ts',
      writeFile: () => {},
      getCurrentDirectory: () => '/',
      getCanonicalFileName: (f) => f,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (f) => f === FILE,
      readFile: () => undefined,
    },
  });
  const functions = new Map<string, FunctionNode>();
  for (const s of file.statements) if (ts.isFunctionDeclaration(s) && s.name) functions.set(s.name.text, s);
  const library = {
    host: { ts, program, checker: program.getTypeChecker(), untyped: true },
    file,
    functions,
    thrown: file.statements.find(ts.isClassDeclaration)!,
  };
  libraries.set(ts, library);
  return library;
}
