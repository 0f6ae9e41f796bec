// Started by endless-threads.test.ts on each runtime, and killed by it: threads that are terminated
// may run on. Prints which of them ended.
import { endlessKinds, endlessModule, endsWhenTerminated } from '../host/workers/endless.ts';

const module = new WebAssembly.Module(new Uint8Array(await endlessModule()));
const ended: Record<string, boolean> = {};
for (const kind of endlessKinds) ended[kind] = await endsWhenTerminated(kind, module);
console.log(JSON.stringify(ended));
