/**
 * Builds a set of source files in memory: type check, rewrite, transpile, run.
 *
 * The parsed declaration files of the language and of the runtime are shared by all builds, so that a small program
 * compiles in tens of milliseconds. Modules run as functions in this realm; `adjoint` is the built package.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { transform } from 'esbuild';
import ts from 'typescript';
import type { Observer } from '../../packages/compiler/src/compile.js';
import type { Place } from '../../packages/compiler/src/diagnostics/diagnostic.js';
import type { CheapForm, CompilerOptions } from '../../packages/compiler/src/options.js';
import type { DerivativeReport } from '../../packages/compiler/src/report.js';

export interface AdjointDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file: string;
  readonly start: number;
  readonly length: number;
  readonly related: readonly { message: string; file: string; start: number; length: number }[];
  readonly help?: string;
}
interface RewriteResult {
  readonly code: string;
  readonly changed: boolean;
  readonly diagnostics: readonly AdjointDiagnostic[];
  readonly dependencies: readonly string[];
  readonly generated: readonly { readonly start: number; readonly end: number }[];
  readonly reports: readonly DerivativeReport[];
}
export interface CompileOptions {
  /** Emitted code checks itself (LANGUAGE.md section 4). */
  readonly check?: boolean;
  /** The cheap forms that may be used; all by default. */
  readonly cheapForms?: boolean | readonly CheapForm[];
  /** The IR after a pass, or what is stored, is printed. */
  readonly dump?: string;
  /** What is otherwise for a marker call. */
  readonly formOf?: CompilerOptions['formOf'];
}
export interface Compiler {
  rewrite(
    api: typeof ts,
    program: ts.Program,
    file: ts.SourceFile,
    options?: CompileOptions,
    observe?: Observer,
  ): RewriteResult;
  printReport(report: DerivativeReport, at: (place: Place) => string): string[];
}
export type Exports = Record<string, unknown>;
export type Sources = Readonly<Record<string, string>>;

const packages = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'packages');
const compilerEntry = join(packages, 'compiler', 'dist', 'index.js');
/** Whether the markers have types yet. */
export const runtimeReady = existsSync(join(packages, 'runtime', 'dist', 'index.js'));
const runtimeEntry = join(packages, 'runtime', 'dist', 'index.js');
/** Ordinary functions as long as they are not differentiated. */
const { fixedPoint, implicit, ravel } = existsSync(runtimeEntry)
  ? await import(/* @vite-ignore */ pathToFileURL(runtimeEntry).href)
  : {};
let compiler: Partial<Compiler> = existsSync(compilerEntry)
  ? await import(/* @vite-ignore */ pathToFileURL(compilerEntry).href)
  : {};
/** Whether the compiler is built. Tests of plain functions run without it. */
export const compilerReady = typeof compiler.rewrite === 'function';

/** In-memory sources live in this folder, so that positions and messages are the same on every machine. */
export const ROOT = '/project';
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};

const shared = new Map<string, ts.SourceFile | undefined>();
const libFolder = dirname(ts.getDefaultLibFilePath(options));

function sharedFile(name: string): ts.SourceFile | undefined {
  if (!shared.has(name)) {
    const text = ts.sys.readFile(name);
    shared.set(name, text === undefined ? undefined : parse(name, text));
  }
  return shared.get(name);
}
function parse(name: string, text: string): ts.SourceFile {
  return ts.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.ES2022 }, true);
}

/** Packages of ours that programs import: folder and name of the file. */
const OURS: Readonly<Record<string, readonly [folder: string, name: string]>> = {
  adjoint: ['runtime', 'index'],
  'adjoint/internal': ['runtime', 'internal'],
  '@adjoint/tape/internal': ['tape', 'internal'],
};
/** The built file of a package of ours, or its source while there is no build. */
function runtimeFile(specifier: string): string | undefined {
  const own = OURS[specifier];
  if (own === undefined) return undefined;
  const [folder, name] = own;
  return [`dist/${name}.d.ts`, `src/${name}.ts`]
    .map((f) => join(packages, folder, f))
    .find((f) => existsSync(f));
}
function sourceFor(specifier: string, importer: string, has: (name: string) => boolean): string | undefined {
  if (!specifier.startsWith('.')) return runtimeFile(specifier);
  const base = posix.join(posix.dirname(importer), specifier);
  const stem = base.replace(/\.js$/, '');
  return [`${stem}.ts`, `${stem}.d.ts`, `${stem}/index.ts`, base].find(has);
}

function createHost(files: ReadonlyMap<string, ts.SourceFile>): ts.CompilerHost {
  const has = (name: string) => files.has(name) || (!name.startsWith(`${ROOT}/`) && ts.sys.fileExists(name));
  return {
    getSourceFile: (name) => files.get(name) ?? (has(name) ? sharedFile(name) : undefined),
    getDefaultLibFileName: () => join(libFolder, 'lib.es2023.d.ts'),
    getDefaultLibLocation: () => libFolder,
    writeFile: () => undefined,
    getCurrentDirectory: () => ROOT,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: has,
    readFile: (name) => files.get(name)?.text ?? ts.sys.readFile(name),
    directoryExists: () => true,
    resolveModuleNameLiterals: (literals, importer) =>
      literals.map(({ text }) => {
        const found = sourceFor(text, importer, has);
        if (found === undefined) return { resolvedModule: undefined };
        const extension = found.endsWith('.d.ts') ? ts.Extension.Dts : ts.Extension.Ts;
        return { resolvedModule: { resolvedFileName: found, extension, isExternalLibraryImport: false } };
      }),
  };
}

/**
 * A program over in-memory files; names are relative to the root of the project. Of a program before it, it takes over the files that
 * are as they were, as a language service does.
 */
export function createProgram(
  sources: Sources,
  own: ts.CompilerOptions = {},
  before?: ts.Program,
): ts.Program {
  const fileOf = (name: string, text: string): ts.SourceFile => {
    const old = before?.getSourceFile(name);
    return old?.text === text ? old : parse(name, text);
  };
  const files = new Map(
    Object.entries(sources).map(([name, text]) => [`${ROOT}/${name}`, fileOf(`${ROOT}/${name}`, text)]),
  );
  return ts.createProgram({
    rootNames: [...files.keys()],
    options: { ...options, ...own },
    host: createHost(files),
  });
}

/** Errors of the type checker as `file:line:col message` lines. */
export function typeErrors(program: ts.Program): string[] {
  const mine = program.getSourceFiles().filter((f) => f.fileName.startsWith(`${ROOT}/`));
  return mine
    .flatMap((f) => [...program.getSyntacticDiagnostics(f), ...program.getSemanticDiagnostics(f)])
    .map((d) => {
      const message = ts.flattenDiagnosticMessageText(d.messageText, ' ');
      if (d.file === undefined) return message;
      const { line, character } = d.file.getLineAndCharacterOfPosition(d.start ?? 0);
      return `${posix.relative(ROOT, d.file.fileName)}:${line + 1}:${character + 1} TS${d.code} ${message}`;
    });
}
export function typeCheck(sources: Sources): string[] {
  return typeErrors(createProgram(sources));
}

export interface Compiled {
  readonly diagnostics: readonly AdjointDiagnostic[];
  /** Rewritten text of each file. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  /** What the type checker says of the sources. */
  typeErrors(): string[];
  /** Files whose rewriting threw, with what was thrown. */
  readonly crashes: ReadonlyMap<string, Error>;
  /** What its derivatives store and why; places are lines and columns, of whichever file. */
  report(file: string): string;
  /** The generated parts of one file. */
  generated(file: string): string;
  load(entry: string): Promise<Exports>;
}

interface CompileSettings extends CompileOptions {
  /** A throw of the compiler is recorded for its file. */
  readonly keepGoing?: boolean;
  /** Is shown the IR of each file after each pass. */
  readonly observe?: (file: string) => Observer;
}

/** Rewrites every file of `sources`. */
export function compileSources(sources: Sources, compile: CompileSettings = {}): Compiled {
  return compileProgram(createProgram(sources), sources, compile);
}
const recent: { readonly key: string; readonly compiled: Compiled }[] = [];
/** The same, or what it gave for the same sources a moment ago: tests of one fixture compile it once. */
export function compileOnce(sources: Sources, options: CompileOptions = {}): Compiled {
  const key = JSON.stringify([sources, options]);
  const known = recent.find((r) => r.key === key);
  if (known) return known.compiled;
  const compiled = compileSources(sources, options);
  recent.push({ key, compiled });
  if (recent.length > 4) recent.shift();
  return compiled;
}
/** Rewrites every file of `sources` in their program, which may be used again. */
export function compileProgram(program: ts.Program, sources: Sources, compile: CompileSettings): Compiled {
  if (compiler.rewrite === undefined) throw new Error('the compiler is not built');
  const results = new Map<string, RewriteResult>();
  const crashes = new Map<string, Error>();
  for (const name of Object.keys(sources)) {
    const file = program.getSourceFile(`${ROOT}/${name}`);
    if (file === undefined || name.endsWith('.d.ts')) continue;
    try {
      const { check = false, cheapForms = true, dump, formOf } = compile;
      const options = {
        check,
        cheapForms,
        ...(dump !== undefined && { dump }),
        ...(formOf !== undefined && { formOf }),
      };
      results.set(name, compiler.rewrite(ts, program, file, options, compile.observe?.(name)));
    } catch (error) {
      if (!compile.keepGoing) throw error;
      crashes.set(name, error as Error);
    }
  }
  const outputs = Object.fromEntries(
    Object.keys(sources).map((name) => [name, results.get(name)?.code ?? sources[name]]),
  );
  return {
    diagnostics: [...results.values()].flatMap((r) => r.diagnostics),
    outputs,
    typeErrors: () => typeErrors(program),
    dependencies: [...new Set([...results.values()].flatMap((r) => r.dependencies))],
    crashes,
    generated: (file) => {
      const result = results.get(file);
      return result === undefined
        ? ''
        : result.generated.map((r) => result.code.slice(r.start, r.end)).join('\n');
    },
    report: (file) => {
      const at = ({ file, start }: Place): string => {
        const { line, character } = program.getSourceFile(file)!.getLineAndCharacterOfPosition(start);
        return `${line + 1}:${character + 1}`;
      };
      return (results.get(file)?.reports ?? []).flatMap((r) => compiler.printReport!(r, at)).join('\n');
    },
    load: (entry) => loadModules(outputs, entry),
  };
}

async function importRuntime(): Promise<ReadonlyMap<string, Exports>> {
  const modules = new Map<string, Exports>();
  for (const [specifier, [folder, name]] of Object.entries(OURS)) {
    const file = join(packages, folder, 'dist', `${name}.js`);
    if (existsSync(file)) modules.set(specifier, await import(/* @vite-ignore */ pathToFileURL(file).href));
  }
  return modules;
}
let runtime: Promise<ReadonlyMap<string, Exports>> | undefined;
/** From here on compiles with another build of the compiler, and runs with other builds of some packages. */
export function useBuild(other: Compiler, modules: ReadonlyMap<string, Exports>): void {
  compiler = other;
  runtime = importRuntime().then((own) => new Map([...own, ...modules]));
}
const nodeRequire = createRequire(import.meta.url);

const uncompiled = () => () => {
  throw new Error('a marker was called in plain code');
};
const UNCOMPILED = 'grad valueAndGrad gradInto vjp jvp hvp hessian jacobian'.split(' ');
/** What plain code sees as `adjoint`: markers that can be called at the top level of a module, but give nothing. */
const plainMarkers: Exports = {
  ...Object.fromEntries(UNCOMPILED.map((name) => [name, uncompiled])),
  stopGradient: (x: unknown) => x,
  // the values of the plain function are the reference, whatever the rule says
  customVjp: (f: unknown) => f,
  customJvp: (f: unknown) => f,
  checkpoint: (f: unknown) => f,
  fixedPoint,
  implicit,
  ravel,
  *checkpointed(n = Number.POSITIVE_INFINITY) {
    for (let k = 0; k < n; k++) yield k;
  },
};
/** Runs modules as they are written. */
export function loadPlainModules(sources: Sources, entry: string): Promise<Exports> {
  return loadModules(sources, entry, new Map([['adjoint', plainMarkers]]));
}

/** Transpiles and runs `entry` and what it imports; every call gives fresh module instances. */
export async function loadModules(
  sources: Sources,
  entry: string,
  given?: ReadonlyMap<string, Exports>,
): Promise<Exports> {
  runtime ??= importRuntime();
  const packagesByName = given ?? (await runtime);
  const code = new Map<string, string>();
  const reach = async (name: string): Promise<void> => {
    if (code.has(name)) return;
    code.set(name, '');
    const settings = { loader: 'ts', format: 'cjs', target: 'es2022', sourcefile: name } as const;
    code.set(name, (await transform(sources[name], settings)).code);
    // a module without relative imports need not be read for them
    if (!/['"`]\.\.?\//.test(sources[name])) return;
    for (const imported of ts.preProcessFile(sources[name], true, true).importedFiles) {
      const file = relativeSource(imported.fileName, name, sources);
      if (file !== undefined) await reach(file);
    }
  };
  await reach(entry);
  const loaded = new Map<string, { exports: Exports }>();
  const run = (name: string): Exports => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Exports };
    loaded.set(name, module);
    const resolve = (specifier: string): unknown => {
      const file = relativeSource(specifier, name, sources);
      return file !== undefined ? run(file) : (packagesByName.get(specifier) ?? nodeRequire(specifier));
    };
    const body = compileFunction(`'use strict'; ${code.get(name) ?? ''}`, ['module', 'exports', 'require'], {
      filename: name,
    });
    body(module, module.exports, resolve);
    return module.exports;
  };
  return run(entry);
}
function relativeSource(specifier: string, importer: string, sources: Sources): string | undefined {
  const found = specifier.startsWith('.')
    ? sourceFor(specifier, `${ROOT}/${importer}`, (name) => posix.relative(ROOT, name) in sources)
    : undefined;
  return found === undefined ? undefined : posix.relative(ROOT, found);
}
