import type { UnpluginOptions } from 'unplugin';
import type { Dependents } from './dependents.js';

interface Graph<Module> {
  getModulesByFile(file: string): Iterable<Module> | undefined;
  invalidateModule(module: Module): void;
}
interface Server {
  readonly environments: Readonly<Record<string, { readonly moduleGraph: Graph<unknown> }>>;
}

/**
 * Vite only soft-invalidates the importers of a changed file: they keep their old transform result. What was compiled
 * from the file's bodies must be compiled anew, in the module graphs (`watchChange`, which Vite calls first and with
 * `hmr: false` too) and in the browser (`hotUpdate`).
 */
export function viteHooks(dependents: Dependents): NonNullable<UnpluginOptions['vite']> {
  let server: Server | undefined;
  const hooks = {
    configureServer(started: Server) {
      server = started;
    },
    watchChange(file: string) {
      for (const { moduleGraph } of Object.values(server?.environments ?? {})) {
        for (const module of modulesOf(moduleGraph, dependents.of(file)))
          moduleGraph.invalidateModule(module);
      }
    },
    hotUpdate(
      this: { readonly environment: { readonly moduleGraph: Graph<unknown> } },
      update: { readonly file: string; readonly modules: readonly unknown[] },
    ) {
      const stale = modulesOf(this.environment.moduleGraph, dependents.of(update.file));
      if (stale.length === 0) return undefined;
      for (const module of stale) this.environment.moduleGraph.invalidateModule(module);
      return [...new Set([...update.modules, ...stale])];
    },
  };
  return hooks as unknown as NonNullable<UnpluginOptions['vite']>;
}

function modulesOf<Module>(graph: Graph<Module>, files: readonly string[]): Module[] {
  return files.flatMap((file) => [...(graph.getModulesByFile(file) ?? [])]);
}
