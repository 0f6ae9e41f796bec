/** The WebAssembly binary format: LEB128, sections, module reader and writer, instruction table, assembler. Knows nothing of plugins. */
export { AssemblyError, type AssemblyScope, assemble } from './assembler.ts';
export { ByteReader } from './byte-reader.ts';
export { type CatchClause, CodeReader, readCatchClause, readLabelTable } from './code-reader.ts';
export { WasmFormatError, type WasmFormatFailure } from './error.ts';
export { functionName } from './function-name.ts';
export {
  byFirstByte,
  type Control,
  type Costs,
  type Feature,
  type Immediate,
  type Instruction,
  instructionAt,
  instructionNamed,
  instructions,
} from './instructions/index.ts';
export { readJsonSection } from './json-section.ts';
export { encodeUnsigned, readS32, readS33, readS64, readU32, readU64, writeSigned, writeUnsigned } from './leb128.ts';
export {
  type CustomSection,
  customSections,
  definedGlobalTypes,
  type ExternalKind,
  type ExternalType,
  functionType,
  type ModuleExport,
  type ModuleImport,
  readModule,
  type TableType,
  type WasmModule,
} from './module.ts';
export { NAME_MAX_BYTES, readName } from './names.ts';
export { type OperandHeight, type PlainTable, plainTable } from './plain-run.ts';
export * from './rewriter/index.ts';
export { entryOfSection, readSections, SECTION, type Section, sectionName, sectionReader } from './sections.ts';
export {
  type DefinedType,
  encodeValueType,
  type FunctionType,
  type Limits,
  readLimits,
  readMutability,
  readTypes,
  readValueType,
  readVector,
  type ValueType,
} from './types.ts';
export {
  customSection,
  encodeName,
  isNumberType,
  ModuleWriter,
  type NumberType,
  type Signature,
  valueTypeByte,
} from './writer.ts';
