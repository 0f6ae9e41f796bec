import { commands } from './commands/index.ts';
import { confinedProcess, isConfined } from './prepared/confined-process.ts';
import { EXIT } from './program/command.ts';
import { thisProcess } from './program/process-io.ts';
import { runProgram } from './program/program.ts';

// The command `cc-lb-plugin`. It never calls `process.exit`, which would cut off output that is
// still in a pipe.
// V8 keeps 10 frames of a stack by default: a plugin's own stack has up to 32.
Error.stackTraceLimit = 64;
// Two folders up from both src/cli/main.ts and dist/cli/main.js.
const packageFolder = new URL('../../', import.meta.url);
const { args, io, setExitCode } = isConfined() ? await confinedProcess(packageFolder) : thisProcess(packageFolder);
try {
  // A child that runs a plugin never prints it, and may not be allowed to read this file.
  const version = isConfined() ? '' : (await io.release()).version;
  setExitCode(await runProgram({ commands, version }, args, io));
} catch (error) {
  const trace = error instanceof Error ? error.stack : String(error);
  io.stderr.write(`This is a defect of cc-lb-plugin, please report it:\n${trace}\n`);
  setExitCode(EXIT.defect);
}
