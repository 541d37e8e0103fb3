/** Bundler plugins that compile adjoint markers: TypeScript in, TypeScript out, before any other plugin. */
import * as compiler from '@adjoint/compiler';
import { type AdjointPlugins, createAdjointPlugin } from './plugin.js';

export type { AdjointPluginOptions } from './options.js';

export const unplugin: AdjointPlugins = createAdjointPlugin(compiler);
export const vite: AdjointPlugins['vite'] = unplugin.vite;
export const rollup: AdjointPlugins['rollup'] = unplugin.rollup;
export const esbuild: AdjointPlugins['esbuild'] = unplugin.esbuild;
export const webpack: AdjointPlugins['webpack'] = unplugin.webpack;
export const rspack: AdjointPlugins['rspack'] = unplugin.rspack;
