export { importsMarkers } from './barrels.js';
export type { Known, Observer } from './compile.js';
export { CATALOG, type Code } from './diagnostics/catalog.js';
export { type AdjointDiagnostic, docsOf, type Place } from './diagnostics/diagnostic.js';
export { CHEAP_FORMS, type CheapForm, type CompilerOptions, validateOptions } from './options.js';
export {
  type CallDecision,
  type DerivativeReport,
  type FunctionReport,
  type LoopDecision,
  printReport,
  type RecordReport,
  type SlotClaim,
  type StoredValue,
} from './report.js';
export { type Edit, mayChange, mentionsAdjoint, type RewriteResult, rewrite } from './rewrite.js';
export { internalError, rewriteSafely } from './rewrite-safely.js';
