import { commands } from '../../src/cli/commands/index.ts';
import type { ExitCode } from '../../src/cli/program/command.ts';
import { runProgram } from '../../src/cli/program/program.ts';
import { type Circumstances, recordedIo } from './recorded-io.ts';

/** What a run of the program came to. */
export interface Run {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** The files that it wrote. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/** Runs the program in this process. A path `fixture:router/router.wasm` is a file under fixtures/. */
export async function run(args: readonly string[], circumstances?: Circumstances): Promise<Run> {
  const io = recordedIo(circumstances);
  const code = await runProgram({ commands, version: async () => '1.2.3' }, args, io);
  return { code, ...io.printed, written: io.written };
}

/** The JSON document that a run printed; throws when there is anything beside it. */
export function documentOf({ stdout }: Run): Record<string, unknown> {
  const document: unknown = JSON.parse(stdout);
  if (typeof document !== 'object' || document === null) throw new Error(`no object: ${stdout}`);
  return { ...document };
}
