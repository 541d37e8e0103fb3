import { internalError } from '@adjoint/compiler';
import type ts from 'typescript';
import { toTsDiagnostic } from './diagnostics.js';
import type { TextRange } from './overlay.js';
import type { RewrittenProgram } from './rewrite-program.js';

/** Members of a program that builder programs (`-b`, `--incremental`, `--watch`) call and that are not public. */
interface BuilderView {
  getBindAndCheckDiagnostics(file: ts.SourceFile, token?: ts.CancellationToken): readonly ts.Diagnostic[];
}
type Emit = (...args: [...Parameters<ts.Program['emit']>, forceDtsEmit?: boolean]) => ts.EmitResult;

/** Makes `program` report our errors wherever tsc asks for TypeScript's, and say nothing about inserted text. */
export function guardProgram(tsApi: typeof ts, program: ts.Program, rewritten: RewrittenProgram): ts.Program {
  const unparsable = brokenGeneratedCode(tsApi, program, rewritten.inserted);
  const errors = [...rewritten.errors.map((error) => toTsDiagnostic(tsApi, program, error)), ...unparsable];
  const isUsers = (d: ts.Diagnostic) => !isInside(d, rewritten.inserted);
  const errorsIn = (file?: ts.SourceFile) => errors.filter((d) => file === undefined || d.file === file);

  const semantic = program.getSemanticDiagnostics;
  program.getSemanticDiagnostics = (file, ...rest) =>
    tsApi.sortAndDeduplicateDiagnostics([...semantic(file, ...rest).filter(isUsers), ...errorsIn(file)]);
  const view = program as ts.Program & BuilderView;
  const bindAndCheck = view.getBindAndCheckDiagnostics;
  view.getBindAndCheckDiagnostics = (file, token) => [
    ...bindAndCheck(file, token).filter(isUsers),
    ...errorsIn(file),
  ];
  const declaration = program.getDeclarationDiagnostics;
  program.getDeclarationDiagnostics = (...args) => declaration(...args).filter(isUsers);

  // Builder programs ask no semantic questions under noCheck; an error without a file belongs to no file's answer.
  const always = program.getCompilerOptions().noCheck ? errors : errors.filter((d) => d.file === undefined);
  addOptionsDiagnostics(program, always);
  const blockers = [...rewritten.blockers.filter(() => rewritten.errors.length === 0), ...errors];
  if (blockers.length > 0) blockEmit(program, blockers);
  return program;
}

/** Reports `errors` for the project as a whole and writes nothing. */
export function blockOnSetupErrors(program: ts.Program, errors: readonly ts.Diagnostic[]): ts.Program {
  addOptionsDiagnostics(program, errors);
  blockEmit(program, errors);
  return program;
}

function addOptionsDiagnostics(program: ts.Program, errors: readonly ts.Diagnostic[]): void {
  if (errors.length === 0) return;
  const options = program.getOptionsDiagnostics;
  program.getOptionsDiagnostics = (token) => [...options(token), ...errors];
}

/**
 * With errors nothing is written, whatever `noEmitOnError` says. Builder programs must see that option, too: they
 * would otherwise count the files as emitted.
 */
function blockEmit(program: ts.Program, blockers: readonly ts.Diagnostic[]): void {
  const options: ts.CompilerOptions = { ...program.getCompilerOptions(), noEmitOnError: true };
  program.getCompilerOptions = () => options;
  const emit = program.emit as Emit;
  const blocked: Emit = (...args) => {
    const isSignature = args[5] === true; // a builder asks for a declaration text to compare, and writes nothing
    return isSignature || options.noEmit ? emit(...args) : { emitSkipped: true, diagnostics: blockers };
  };
  program.emit = blocked;
}

/** Generated text that does not parse is our bug; TypeScript's own message about it says nothing to the user. */
function brokenGeneratedCode(
  tsApi: typeof ts,
  program: ts.Program,
  inserted: ReadonlyMap<string, readonly TextRange[]>,
): ts.Diagnostic[] {
  return [...inserted.keys()].flatMap((name) => {
    const problem = program.getSyntacticDiagnostics(program.getSourceFile(name))[0];
    if (problem === undefined) return [];
    const message = `generated code does not parse: ${tsApi.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
    const place = { file: name, start: problem.start ?? 0, length: 1 };
    return [toTsDiagnostic(tsApi, program, internalError(new Error(message), place))];
  });
}

function isInside(d: ts.Diagnostic, inserted: ReadonlyMap<string, readonly TextRange[]>): boolean {
  const { start, file } = d;
  if (file === undefined || start === undefined) return false;
  return inserted.get(file.fileName)?.some((range) => start >= range.start && start < range.end) ?? false;
}
