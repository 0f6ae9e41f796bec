// Started by endless-threads.test.ts on each runtime, and killed by it: threads that are terminated
// may run on. Prints which of them ended: with the argument `compile` the one that compiles, else
// those that loop. They take processor time from each other, so each has a process.
import process from 'node:process';
import { endlessKinds, endlessModule, endsWhenTerminated } from '../host/workers/endless.ts';
import { endsInCompile } from './compiling-thread.ts';

const ended: Record<string, boolean> = {};
if (process.argv.includes('compile')) ended.compile = await endsInCompile();
else {
  const module = new WebAssembly.Module(new Uint8Array(await endlessModule()));
  for (const kind of endlessKinds) ended[kind] = await endsWhenTerminated(kind, module);
}
console.log(JSON.stringify(ended));
