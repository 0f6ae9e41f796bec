export { FunctionPrinter, printFunction } from './function-printer.ts';
export { type PrintedFunction, type PrintedLine, type PrintOptions, printedText } from './printed-lines.ts';
