/**
 * The WebAssembly binary format: readers and writers of it, the instruction table, the module
 * reader, the module builder, the assembler and the rewriter. Knows nothing of plugins.
 */
export { AssemblyError, type AssemblyScope, assemble } from './emit/assembler.ts';
export { CodeWriter } from './emit/code-writer.ts';
export {
  type Additions,
  isNumberType,
  ModuleBuilder,
  type NumberType,
  type Signature,
  type TakenIndices,
} from './emit/module-builder.ts';
export type { RelocatableFunction } from './emit/relocatable.ts';
export { customSection, type Encoded } from './emit/section-writer.ts';
export { ByteReader } from './encoding/byte-reader.ts';
export { ByteSink, u32Length } from './encoding/byte-sink.ts';
export { WasmFormatError, type WasmFormatFailure } from './encoding/error.ts';
export type { FileKind } from './encoding/file-kind.ts';
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
export { encodeName, NAME_MAX_BYTES, readName } from './encoding/names.ts';
export {
  type DefinedType,
  encodeValueType,
  type FunctionType,
  type HeapTypeVisitor,
  type Limits,
  OBJECTS_MAX,
  readLimits,
  readMutability,
  readValueType,
  readVector,
  type ValueType,
} from './encoding/types.ts';
export { type CatchClause, CodeReader, readCatchClause, readLabelTable } from './grammar/code-reader.ts';
export { type CustomSection, customSections, readJsonSection } from './grammar/custom-sections.ts';
export type {
  ExternalKind,
  ExternalType,
  GlobalType,
  ModuleExport,
  ModuleImport,
  TableType,
} from './grammar/externals.ts';
export { BODY_MAX_BYTES, type FunctionLocals, LOCALS_MAX, readLocals } from './grammar/function-locals.ts';
export type { IndexSpace, IndexVisitor } from './grammar/indices.ts';
export { definedGlobalTypes, functionType, readModule, type WasmModule } from './grammar/module.ts';
export { referencedFunctions, walkConstantExpressions } from './grammar/module-visitors.ts';
export { functionName } from './grammar/name-section.ts';
export { entryOfSection, readSections, SECTION, type Section, sectionName, sectionReader } from './grammar/sections.ts';
export { readTypes } from './grammar/type-section.ts';
export {
  allInstructions,
  byFirstByte,
  type Control,
  type Costs,
  type Feature,
  type Immediate,
  type Instruction,
  instructionAt,
  instructionName,
  instructionNamed,
  type NamedInstruction,
} from './instructions/index.ts';
export type { StackEffect } from './instructions/instruction.ts';
export { type OperandHeight, type PlainTable, passPlain, plainTable } from './instructions/plain-run.ts';
export { EditList, type EditWriter, type WrittenEdit } from './rewriter/edits.ts';
export type {
  IndexMap,
  IndexMaps,
  RewritePlan,
} from './rewriter/plan.ts';
export { rewriteModule } from './rewriter/rewrite.ts';
export {
  FunctionPrinter,
  type PrintedFunction,
  type PrintedLine,
  type PrintOptions,
  printedText,
  printFunction,
} from './text/index.ts';
