/** One compilation in memory, through the public entry of the compiler, with the time of TypeScript's own work apart. */
import { join } from 'node:path';
import { type AdjointDiagnostic, rewrite } from '@adjoint/compiler';
import ts from 'typescript';

export interface Compilation {
  /** The rewritten module. */
  readonly code: string;
  /** Bytes of the generated functions without indentation, which a nest has more of by itself. */
  readonly emitted: number;
  readonly diagnostics: readonly AdjointDiagnostic[];
  /** CPU time in milliseconds: of the compiler, and of TypeScript for parsing and the type check before it. */
  readonly time: number;
  readonly typeScriptTime: number;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  types: [],
  noEmit: true,
};
/** Where the program pretends to lie: here `adjoint` can be resolved. */
const FILE = join(import.meta.dirname, 'generated.ts');
const parsed = new Map<string, ts.SourceFile | undefined>();
const host = ts.createCompilerHost(options);

function createProgram(text: string): ts.Program {
  const source = ts.createSourceFile(FILE, text, ts.ScriptTarget.ES2022, true);
  const shared = (name: string, ...rest: [ts.ScriptTarget | ts.CreateSourceFileOptions]) => {
    if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, ...rest));
    return parsed.get(name);
  };
  return ts.createProgram([FILE], options, {
    ...host,
    fileExists: (name) => name === FILE || host.fileExists(name),
    readFile: (name) => (name === FILE ? text : host.readFile(name)),
    getSourceFile: (name, version) => (name === FILE ? source : shared(name, version)),
  });
}

/** CPU time of the process, in milliseconds: other work on the machine does not count. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Compiles a module that has correct types; anything else is a mistake of the program's generator. */
export function compileText(text: string): Compilation {
  const before = cpuTime();
  const program = createProgram(text);
  const file = program.getSourceFile(FILE)!;
  const errors = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  if (errors.length > 0) throw new Error(ts.flattenDiagnosticMessageText(errors[0].messageText, ' '));
  const typed = cpuTime();
  const { code, diagnostics, generated } = rewrite(ts, program, file);
  const done = cpuTime();
  const functions = generated.map(({ start, end }) => code.slice(start, end)).join('\n');
  const emitted = Buffer.byteLength(functions.replace(/^ +/gm, ''));
  return { code, emitted, diagnostics, time: done - typed, typeScriptTime: typed - before };
}
