/** All transformations; each is to leave values and gradients as they are. */
import type { Transformation } from './program.js';
import { inline } from './transformations/inline.js';
import { outline } from './transformations/outline.js';
import { boxes, typedArrays } from './transformations/parameters.js';
import { rename } from './transformations/rename.js';
import { reorder } from './transformations/reorder.js';
import { sameTwice } from './transformations/same-twice.js';
import { split } from './transformations/split.js';
import { forToWhile } from './transformations/while.js';
import { throughArray, wrapInClass } from './transformations/wrap.js';

export const TRANSFORMATIONS: readonly Transformation[] = [
  rename,
  inline,
  outline,
  split,
  wrapInClass,
  throughArray,
  forToWhile,
  typedArrays,
  boxes,
  reorder,
  sameTwice,
];
