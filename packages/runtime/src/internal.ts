/**
 * What generated code calls. Not part of the public API: the generated code and this file belong to one version.
 */
export {
  beginAgain,
  beginChecks,
  beginReverse,
  checkOwner,
  checkSame,
  checkShadow,
  checkTags,
  checkTrace,
  ownShadow,
  pairShadow,
  tagTape,
  trace,
  traceEnd,
} from './internal-check.js';
export { checked } from './internal-checked.js';
export { isSettled, notConverged, treeDistance, watchCotangents } from './internal-distance.js';
export { checkElements, viewEnd, viewStart } from './internal-elements.js';
export {
  checkClass,
  checkDistinct,
  checkFields,
  checkKeys,
  checkKind,
  checkMethod,
  checkNumber,
  checkThere,
  checkTree,
  ifPresent,
  isInstance,
  isOfClass,
} from './internal-entry.js';
export { checkFinite, originOf, originsIn } from './internal-finite.js';
export { byKind } from './internal-kinds.js';
export { inLanes } from './internal-lanes.js';
export { makeLog, replay } from './internal-log.js';
export { capture, checkContents, exchange, reinstate } from './internal-memory.js';
export { checkOut, slotShadow, writeGradient, writeGradients, zeroOut } from './internal-out.js';
export { checkApart } from './internal-overlap.js';
export { applyRule, pullRule, pushRule, type RuleCall, ruleValues, unravelled } from './internal-rules.js';
export { addShadows, copyPairs, followStructure, pairShadows, shadowIn } from './internal-shadows.js';
export { withState } from './internal-state.js';
export {
  beginSteps,
  checkStart,
  countTaped,
  endSteps,
  finishSteps,
  isKeptAt,
  keepIn,
  keepNumbers,
  keepState,
  keepsHere,
  keptNumber,
  keptNumbers,
  keptValue,
  lastStep,
  measureTape,
  nextAgain,
  nextStop,
  planSteps,
  rewind,
  watchSteps,
} from './internal-steps.js';
export {
  acquireTape,
  advance,
  checkRoom,
  checkTape,
  extend,
  finishTape,
  growTape,
  releaseTape,
  restoreStructure,
  subarray,
  sum,
  type Tape,
  tooManyReferences,
  track,
  trackList,
  zeroTracked,
} from './internal-tape.js';
export { tells } from './internal-told.js';
export {
  arrangeKeys,
  checkLength,
  entryShadow,
  inKeyOrder,
  likePrimal,
  ofKind,
  partsOf,
  seedShadow,
  tangentOf,
  toGradient,
  toNumbers,
  zeroGradient,
  zeroShadow,
} from './internal-trees.js';
export { checkWork, claimWork, workArray } from './internal-work.js';
