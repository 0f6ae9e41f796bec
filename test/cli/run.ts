import { commands } from '../../src/cli/commands/index.ts';
import type { ExitCode } from '../../src/cli/program/command.ts';
import { runProgram } from '../../src/cli/program/program.ts';
import { type Circumstances, recordedIo } from './recorded-io.ts';

/** The outcome of a run of the program. */
export interface Run {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** The files that the program wrote, by path. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/**
 * Runs the program in this process, also for a prepared plugin. The path `fixture:a/b.wasm` is that
 * of fixtures/a/b.wasm.
 */
export async function run(args: readonly string[], circumstances: Circumstances = {}): Promise<Run> {
  const io = recordedIo({
    runConfined: async ({ file, plugin, stderr }) => {
      let text = '';
      const answer = (given: string): void => {
        text = given;
      };
      const child = await run(args, { ...circumstances, confinement: { file, plugin, answer } });
      // What a child prints after its answer is lost, as is the message of its mistake.
      if (child.code !== 2) stderr.write(child.stderr);
      return { kind: 'Answered', text };
    },
    ...circumstances,
  });
  const code = await runProgram({ commands, version: '1.2.3' }, args, io);
  return { code, ...io.printed, written: io.written };
}

/** The JSON document that a run printed. Throws if it printed anything else. */
export function documentOf({ stdout }: Run): Record<string, unknown> {
  const document: unknown = JSON.parse(stdout);
  if (typeof document !== 'object' || document === null) throw new Error(`not an object: ${stdout}`);
  return { ...document };
}
