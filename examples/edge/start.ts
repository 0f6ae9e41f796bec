// Builds the worker and serves it in workerd, until it is interrupted: `npm run example:edge`.
import process from 'node:process';
import { findWorkerd } from '../../scripts/runtimes.mjs';
import { serveWorker } from '../../scripts/workerd-process.ts';
import { buildExample } from './build.ts';

const workerd = findWorkerd();
if (workerd === undefined) {
  console.log('skipped: no workerd on this machine that starts: npm has a package of it for some platforms');
} else {
  const config = await buildExample();
  const onOutput = (text: string): void => void process.stdout.write(text);
  const { address, ended } = await serveWorker(workerd, config, { port: 8787, onOutput });
  console.log(`${workerd.title} serves ${address}. For example:

  curl ${address}/v1/messages -H 'x-api-key: key-of-ada' -d '{"model":"m","messages":[]}'

Ctrl-C ends it.`);
  await ended;
}
