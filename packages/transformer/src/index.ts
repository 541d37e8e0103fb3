/** The tsconfig plugin: `{ "transform": "@adjoint/transformer", "transformProgram": true }`, run by ts-patch. */
import * as compiler from '@adjoint/compiler';
import { createTransformer } from './transformer.js';

export type { PluginEntry, ProgramTransformer, TransformerExtras } from './transformer.js';
export default createTransformer(compiler);
