// The script of a process: it answers the commands of a host, until the host ends it or is gone.
import { reasonOf } from '../../failure.ts';
import type { RemoteAnswer, RemoteCommand } from '../remote/commands.ts';
import { RemoteServer } from '../remote/server.ts';
import { endWithParent } from './parent-watch.ts';
import type { FromProcess } from './process-remote.ts';

const { process } = globalThis;
const server = new RemoteServer();

/** Sends a message. A process that cannot reach its host is of no use. */
function send(message: FromProcess): void {
  process.send?.(message, undefined, undefined, (error) => {
    if (error !== null) process.exit(1);
  });
}

async function answer(command: RemoteCommand): Promise<void> {
  const answered = await server.answer(command);
  try {
    send(answered);
  } catch (error) {
    // A report or a failure has a value that cannot be cloned.
    const failed: RemoteAnswer = { kind: 'failed', error: { name: 'Error', message: reasonOf(error) }, reports: [] };
    send(failed);
  }
}

endWithParent(Number(process.argv[2]));
// These reach all processes of a terminal or a service. The host decides when its processes end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (command: RemoteCommand) => void answer(command));
send({ kind: 'ready' });
