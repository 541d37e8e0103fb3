import { readFileSync } from 'node:fs';
import type * as adjoint from '@adjoint/compiler';
import type { RewriteResult } from '@adjoint/compiler';
import {
  createUnplugin,
  type UnpluginBuildContext,
  type UnpluginContext,
  type UnpluginContextMeta,
  type UnpluginInstance,
} from 'unplugin';
import { Dependents } from './dependents.js';
import { type AdjointPluginOptions, resolveOptions } from './options.js';
import type { Projects } from './projects.js';
import { reportDiagnostics } from './report.js';
import { sourceMap } from './source-map.js';
import { viteHooks } from './vite-hooks.js';

/** What this package needs of `@adjoint/compiler`. */
export type Compiler = Pick<
  typeof adjoint,
  'rewrite' | 'importsMarkers' | 'mayChange' | 'mentionsAdjoint' | 'validateOptions'
>;

const TYPESCRIPT = /\.[cm]?tsx?(?:\?|$)/;
/** Another file may hand it the markers. */
const IMPORTS = /\b(import|require)\b/;
const DECLARATION = /\.d\.[cm]?ts(?:\?|$)/;

export type AdjointPlugins = UnpluginInstance<AdjointPluginOptions | undefined, false>;

/** Makes the plugins. One plugin owns one set of projects, which lives as long as the build or the dev server. */
export function createAdjointPlugin(compiler: Compiler): AdjointPlugins {
  return createUnplugin<AdjointPluginOptions | undefined, false>((raw, meta) => {
    const options = resolveOptions(compiler, raw);
    const dependents = new Dependents();
    let projects: Promise<Projects> | undefined;

    async function transform(
      this: UnpluginBuildContext & UnpluginContext,
      code: string,
      id: string,
    ): Promise<{ code: string; map: string } | undefined> {
      const file = sourceFileOf(id, code);
      if (file === undefined || !(compiler.mayChange(code) || IMPORTS.test(code))) return undefined;
      projects ??= loadProjects(compiler, options.tsconfig);
      const result = (await projects).rewrite(file, code, options.compiler);
      if (result === undefined) return undefined;
      watchDependencies(this, meta, dependents, file, result);
      if (reportDiagnostics(this, meta, file, code, result.diagnostics) > 0 || !result.changed)
        return undefined;
      return { code: result.code, map: sourceMap(code, result.edits, file) };
    }

    return {
      name: 'adjoint',
      enforce: 'pre',
      transform: { filter: { id: { include: TYPESCRIPT, exclude: DECLARATION } }, handler: transform },
      esbuild: { onLoadFilter: /\.[cm]?tsx?$/ },
      vite: viteHooks(dependents),
    };
  });
}

/** TypeScript is loaded when the first file is met that rewriting may change, or that imports something. */
async function loadProjects(compiler: Compiler, tsconfig: string | undefined): Promise<Projects> {
  const [{ Projects }, { default: ts }] = await Promise.all([import('./projects.js'), import('typescript')]);
  return new Projects(ts, compiler, tsconfig);
}

/** A callee's body is part of what the caller's text depends on. Also after errors: the edit that mends them counts. */
function watchDependencies(
  context: UnpluginBuildContext,
  meta: UnpluginContextMeta,
  dependents: Dependents,
  file: string,
  result: RewriteResult,
): void {
  dependents.set(file, result.dependencies);
  for (const dependency of result.dependencies) context.addWatchFile(dependency);
  if (meta.framework === 'esbuild') context.addWatchFile(file);
}

/**
 * The file that `id` stands for. An id with a query (`?raw`, `?url`, `?v=…`) counts only if its code is the file's own
 * text; virtual modules have no file.
 */
function sourceFileOf(id: string, code: string): string | undefined {
  if (id.startsWith('\0')) return undefined;
  const query = id.indexOf('?');
  if (query < 0) return id;
  const file = id.slice(0, query);
  try {
    return readFileSync(file, 'utf8') === code ? file : undefined;
  } catch {
    return undefined;
  }
}
