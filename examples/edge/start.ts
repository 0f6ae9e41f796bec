// Builds the worker and serves it in workerd, until it is interrupted: `npm run example:edge`.
// --port: where, 8787 by default; 0 is a free one.
import process from 'node:process';
import { portOption, servingFault } from '../../scripts/port-option.ts';
import { findWorkerd } from '../../scripts/runtimes.mjs';
import { serveWorker } from '../../scripts/workerd-process.ts';
import { buildExample } from './build.ts';

async function main(): Promise<void> {
  const port = portOption(process.argv.slice(2), 8787);
  const workerd = findWorkerd();
  if (workerd === undefined) {
    console.log('skipped: no workerd on this machine that starts: npm has a package of it for some platforms');
  } else {
    const config = await buildExample();
    const onOutput = (text: string): void => void process.stdout.write(text);
    const served = serveWorker(workerd, config, { port, onOutput });
    const { address, ended, close } = await served.catch((cause: unknown) => {
      throw new Error(servingFault(cause, port), { cause });
    });
    let isInterrupted = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        isInterrupted = true;
        close().catch((error: unknown) => console.error(error));
      });
    }
    console.log(`${workerd.title} serves ${address}. For example:

  curl ${address}/v1/messages -H 'x-api-key: key-of-ada' -d '{"model":"m","messages":[]}'

Ctrl-C ends it.`);
    await ended.catch((error: unknown) => {
      if (!isInterrupted) throw error;
    });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
