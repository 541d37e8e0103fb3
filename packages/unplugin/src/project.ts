import { dirname } from 'node:path';
import type ts from 'typescript';
import type { SourceFiles } from './source-files.js';

/** Bodies are read: a project that is referred to counts with its sources, not with its declaration files. */
interface SourcesOfReferences {
  useSourceOfProjectReferenceRedirect(): boolean;
}

/** One tsconfig with its language service. Files that it does not include (tests) are added when they are met. */
export class Project {
  readonly #ts: typeof ts;
  readonly #files: SourceFiles;
  readonly #config: ts.ParsedCommandLine;
  /** The tsconfig, what it extends, and their text when they were read. */
  readonly #configTexts: ReadonlyMap<string, string | undefined>;
  readonly #roots: Set<string>;
  readonly #service: ts.LanguageService;

  /** Without `configFile`, the files are taken as modern ES modules. */
  constructor(tsApi: typeof ts, files: SourceFiles, configFile: string | undefined) {
    this.#ts = tsApi;
    this.#files = files;
    const { parsed, texts } = readConfig(tsApi, files, configFile);
    this.#config = parsed;
    this.#configTexts = texts;
    this.#roots = new Set(parsed.fileNames);
    this.#service = tsApi.createLanguageService(
      this.#host(dirname(configFile ?? `${process.cwd()}/tsconfig.json`)),
    );
  }

  /** True once the tsconfig or one that it extends was edited. */
  isOutdated(): boolean {
    return [...this.#configTexts].some(([file, text]) => this.#files.read(file)?.text !== text);
  }

  includes(file: string): boolean {
    return this.#config.fileNames.includes(file);
  }

  /** A tsconfig that only refers to others ("solution"): the one of them that includes `file`. */
  referencedProjectOf(file: string, open: (config: string) => Project): Project | undefined {
    if (this.includes(file)) return undefined;
    const references = this.#config.projectReferences ?? [];
    return references.map((r) => open(this.#ts.resolveProjectReferencePath(r))).find((p) => p.includes(file));
  }

  programWith(file: string): ts.Program {
    this.#roots.add(file);
    return this.program();
  }
  program(): ts.Program {
    const program = this.#service.getProgram();
    if (program === undefined) throw new Error('TypeScript made no program');
    return program;
  }

  #host(currentDirectory: string): ts.LanguageServiceHost & SourcesOfReferences {
    const { sys } = this.#ts;
    const read = (name: string) => this.#files.read(name);
    const config = this.#config;
    return {
      getCompilationSettings: () => config.options,
      getProjectReferences: () => config.projectReferences,
      useSourceOfProjectReferenceRedirect: () => true,
      getScriptFileNames: () => [...this.#roots].filter((name) => sys.fileExists(name)),
      getScriptVersion: (name) => read(name)?.version ?? '',
      getScriptSnapshot: (name) => {
        const text = read(name)?.text;
        return text === undefined ? undefined : this.#ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => currentDirectory,
      getDefaultLibFileName: (options) => this.#ts.getDefaultLibFilePath(options),
      useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
      fileExists: sys.fileExists,
      readFile: (name, encoding) => read(name)?.text ?? sys.readFile(name, encoding),
      readDirectory: sys.readDirectory,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      realpath: sys.realpath,
    };
  }
}

function readConfig(
  tsApi: typeof ts,
  files: SourceFiles,
  configFile: string | undefined,
): { parsed: ts.ParsedCommandLine; texts: Map<string, string | undefined> } {
  const texts = new Map<string, string | undefined>();
  if (configFile === undefined)
    return { parsed: { options: defaults(tsApi), fileNames: [], errors: [] }, texts };
  const readFile = (name: string) => {
    const text = files.read(name)?.text;
    texts.set(name, text);
    return text;
  };
  const host: ts.ParseConfigHost = { ...tsApi.sys, readFile };
  const { config, error } = tsApi.readConfigFile(configFile, readFile);
  const parsed = tsApi.parseJsonConfigFileContent(
    config ?? {},
    host,
    dirname(configFile),
    undefined,
    configFile,
  );
  const problem = error ?? parsed.errors.find((e) => e.category === 1 && e.code !== NO_INPUTS);
  if (problem) {
    throw new Error(`${configFile}: ${tsApi.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  }
  return { parsed: { ...parsed, options: { ...parsed.options, noEmit: true } }, texts };
}

/** "No inputs were found": the files of the build are added one by one. */
const NO_INPUTS = 18_003;

function defaults(tsApi: typeof ts): ts.CompilerOptions {
  return {
    target: tsApi.ScriptTarget.ES2022,
    module: tsApi.ModuleKind.ESNext,
    moduleResolution: tsApi.ModuleResolutionKind.Bundler,
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
}
