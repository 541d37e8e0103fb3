import type { CompilerOptions } from '@adjoint/compiler';
import type ts from 'typescript';
import { setupError } from './diagnostics.js';
import type { Compiler, PluginEntry } from './transformer.js';

/** Keys of a plugin entry that belong to ts-patch and to the editor. */
const HOST_KEYS = new Set([
  'transform',
  'transformProgram',
  'name',
  'import',
  'type',
  'isEsm',
  'after',
  'afterDeclarations',
  'tsConfig',
  'resolvePathAliases',
]);

/** Reads the options of the plugin entry. `ADJOINT_CHECK=1` turns check mode on. */
export function readPluginEntry(
  compiler: Compiler,
  program: ts.Program,
  entry: PluginEntry,
): { options: CompilerOptions; errors: ts.Diagnostic[] } {
  const own = Object.fromEntries(Object.entries(entry).filter(([key]) => !HOST_KEYS.has(key)));
  const { options, errors } = compiler.validateOptions(own);
  return {
    options: process.env.ADJOINT_CHECK === '1' ? { ...options, check: true } : options,
    errors: errors.map((message) => setupError(message, placeInConfig(program, Object.keys(own), message))),
  };
}

/** Where tsconfig.json says what `message` is about: the first of `keys` that it names. */
function placeInConfig(program: ts.Program, keys: readonly string[], message: string) {
  const file = program.getCompilerOptions().configFile as ts.TsConfigSourceFile | undefined;
  const key = keys.find((name) => message.includes(name));
  const start = key === undefined ? undefined : file?.text.indexOf(JSON.stringify(key));
  if (file === undefined || key === undefined || start === undefined || start < 0) return undefined;
  return { file, start, length: JSON.stringify(key).length };
}
