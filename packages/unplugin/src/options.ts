import { resolve } from 'node:path';
import type { CompilerOptions } from '@adjoint/compiler';
import type { Compiler } from './plugin.js';

export interface AdjointPluginOptions {
  /** Path of the tsconfig to use for all files. Default: the nearest `tsconfig.json` above each file. */
  readonly tsconfig?: string;
  /** Emit code that checks itself. `ADJOINT_CHECK=1` turns it on, too. */
  readonly check?: boolean;
}

export interface ResolvedOptions {
  readonly tsconfig: string | undefined;
  readonly compiler: CompilerOptions;
}

/** Throws a `TypeError` that names what is wrong: a misspelt option must not be ignored. */
export function resolveOptions(compiler: Compiler, raw: AdjointPluginOptions = {}): ResolvedOptions {
  const { tsconfig, ...rest } = raw;
  const { options, errors } = compiler.validateOptions(rest);
  if (tsconfig !== undefined && typeof tsconfig !== 'string')
    errors.push('option "tsconfig" must be a string');
  if (errors.length > 0) throw new TypeError(`@adjoint/unplugin: AD0003: ${errors.join('; ')}`);
  return {
    tsconfig: tsconfig === undefined ? undefined : resolve(tsconfig),
    compiler: process.env.ADJOINT_CHECK === '1' ? { ...options, check: true } : options,
  };
}
