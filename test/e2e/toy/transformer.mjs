import { createTransformer } from '../../../packages/transformer/dist/transformer.js';
import * as toy from './compiler.mjs';

export default createTransformer(toy);
