import { dirname } from 'node:path';
import { type CompilerOptions, type RewriteResult, rewriteSafely } from '@adjoint/compiler';
import type ts from 'typescript';
import type { Compiler } from './plugin.js';
import { Project } from './project.js';
import { SourceFiles } from './source-files.js';

/** Of compiling one file whose dependencies go on being edited meanwhile. */
const MOST_ATTEMPTS = 3;

/** The projects that the files of a build belong to: one language service for each tsconfig, made when it is needed. */
export class Projects {
  readonly #ts: typeof ts;
  readonly #compiler: Compiler;
  readonly #tsconfig: string | undefined;
  readonly #files: SourceFiles;
  readonly #byConfig = new Map<string, Project>();

  /** With `tsconfig`, all files belong to that project. */
  constructor(tsApi: typeof ts, compiler: Compiler, tsconfig: string | undefined) {
    this.#ts = tsApi;
    this.#compiler = compiler;
    this.#tsconfig = tsconfig;
    this.#files = new SourceFiles(tsApi);
  }

  /**
   * Rewrites `file`, whose text is `code`; `undefined` if its syntax is the bundler's to report.
   *
   * Bundlers look out for edits from when a file has been transformed, so one that is saved while a caller of its
   * functions is being compiled would go unseen: the caller is compiled again.
   */
  rewrite(file: string, code: string, options: CompilerOptions): RewriteResult | undefined {
    this.#files.setText(file, code);
    for (let attempt = 1; ; attempt++) {
      const result = this.#rewriteOnce(file, code, options);
      const edited = result?.dependencies.some((d) => d !== file && this.#files.isEdited(d));
      if (!edited || attempt === MOST_ATTEMPTS) return result;
    }
  }

  #rewriteOnce(file: string, code: string, options: CompilerOptions): RewriteResult | undefined {
    const project = this.#projectOf(file);
    const isMarked =
      this.#compiler.mentionsAdjoint(code) ||
      this.#compiler.importsMarkers(this.#ts, project.program(), file, code);
    if (!isMarked && !this.#compiler.mayChange(code)) return undefined;
    // a file without markers is of interest only to programs that have it already
    const program = isMarked ? project.programWith(file) : project.program();
    const source = program.getSourceFile(file);
    if (source === undefined || program.getSyntacticDiagnostics(source).length > 0) return undefined;
    return rewriteSafely(this.#compiler.rewrite, this.#ts, program, source, options);
  }

  #projectOf(file: string): Project {
    const config =
      this.#tsconfig ??
      this.#ts.findConfigFile(dirname(file), this.#ts.sys.fileExists) ??
      this.#ts.findConfigFile(process.cwd(), this.#ts.sys.fileExists);
    const project = this.#open(config);
    return project.referencedProjectOf(file, (reference) => this.#open(reference)) ?? project;
  }

  #open(config: string | undefined): Project {
    const key = config ?? '';
    let project = this.#byConfig.get(key);
    if (project === undefined || project.isOutdated()) {
      project = new Project(this.#ts, this.#files, config);
      this.#byConfig.set(key, project);
    }
    return project;
  }
}
