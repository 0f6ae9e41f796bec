/** Test vectors for hosts (abi/vectors/README.md): to load, to run and to report them. */
export { compareEnds, type Difference } from './compare.ts';
export { Driver, type DriverTimes, type LineProgram } from './driver.ts';
export type { End, ExpectedEnd } from './end.ts';
export { ownHost } from './host/index.ts';
export { type AnswerLine, readAnswer, vectorLine } from './line.ts';
export { loadVectors, type ReadVectorFile, VectorFileError } from './load.ts';
export {
  reportVectors,
  VECTORS_REPORT_VERSION,
  type VectorCounts,
  type VectorReport,
  type VectorsReport,
} from './report.ts';
export { ruleLink } from './rule.ts';
export { type HostAnswer, runVectors, type VectorHost, type VectorResult } from './run.ts';
export { LAYERS, type Layer, type Vector } from './vector.ts';
