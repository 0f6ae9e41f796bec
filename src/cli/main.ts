import { commands } from './commands/index.ts';
import { EXIT } from './program/command.ts';
import { programVersion, thisProcess } from './program/process-io.ts';
import { runProgram } from './program/program.ts';

// The command `cc-lb-plugin`. The process ends by itself once all is written: `process.exit` would cut off what is still in a pipe.
const { args, io, setExitCode } = thisProcess();
try {
  setExitCode(await runProgram({ commands, version: programVersion }, args, io));
} catch (error) {
  const trace = error instanceof Error ? error.stack : String(error);
  io.stderr.write(`This is a defect of cc-lb-plugin, please report it:\n${trace}\n`);
  setExitCode(EXIT.defect);
}
