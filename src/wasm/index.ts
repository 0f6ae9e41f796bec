/** The WebAssembly binary format: LEB128, sections, module reader and writer, instruction table, assembler. Knows nothing of plugins. */
export { AssemblyError, type AssemblyScope, assemble } from './emit/assembler.ts';
export {
  customSection,
  encodeName,
  isNumberType,
  ModuleWriter,
  type NumberType,
  type Signature,
  valueTypeByte,
} from './emit/module-builder.ts';
export { ByteReader } from './encoding/byte-reader.ts';
export { WasmFormatError, type WasmFormatFailure } from './encoding/error.ts';
export {
  encodeUnsigned,
  readS32,
  readS33,
  readS64,
  readU32,
  readU64,
  writeSigned,
  writeUnsigned,
} from './encoding/leb128.ts';
export { NAME_MAX_BYTES, readName } from './encoding/names.ts';
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
} from './encoding/types.ts';
export { type CatchClause, CodeReader, readCatchClause, readLabelTable } from './grammar/code-reader.ts';
export { functionName } from './grammar/function-name.ts';
export { readJsonSection } from './grammar/json-section.ts';
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
} from './grammar/module.ts';
export { entryOfSection, readSections, SECTION, type Section, sectionName, sectionReader } from './grammar/sections.ts';
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
export { type OperandHeight, type PlainTable, plainTable } from './instructions/plain-run.ts';
export * from './rewriter/index.ts';
