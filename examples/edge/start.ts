// Builds the worker and serves it in workerd, until it is interrupted: `npm run example:edge`.
// --port: where, 8787 by default; 0 is a free one.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findWorkerd } from '../../scripts/runtimes.mjs';
import { serveWorker } from '../../scripts/workerd-process.ts';
import { buildExample } from './build.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8787' } } });

const workerd = findWorkerd();
if (workerd === undefined) {
  console.log('skipped: no workerd on this machine that starts: npm has a package of it for some platforms');
} else {
  const config = await buildExample();
  const onOutput = (text: string): void => void process.stdout.write(text);
  const { address, ended, close } = await serveWorker(workerd, config, { port: Number(values.port), onOutput });
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
