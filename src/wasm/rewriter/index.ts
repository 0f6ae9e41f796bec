/** Writes a module anew: index maps for every index space, a hook for each instruction, and additions to the sections. */
export { ByteSink, u32Length } from '../encoding/byte-sink.ts';
export { BODY_MAX_BYTES, BodyScanner, LOCALS_MAX } from './code-editor.ts';
export { walkConstantExpressions } from './constant-expressions.ts';
export { EditList, type EditWriter } from './edits.ts';
export type {
  Additions,
  FunctionLocals,
  FunctionPlan,
  FunctionPlans,
  IndexMap,
  IndexMaps,
  IndexSpace,
  RewritePlan,
} from './plan.ts';
export { referencedFunctions } from './references.ts';
export { rewriteModule } from './rewrite.ts';
