export { FunctionPrinter, printFunction } from './function-printer.ts';
export { type PrintedFunction, type PrintedLine, type PrintLimits, printedText } from './printed-lines.ts';
