// A host that a test kills. It tells the numbers of its processes: of an idle one, of one in an
// endless loop, and of one that nobody uses yet.
import { fixture } from '../../support/fixture.ts';
import { engineInProcesses, hostModuleNamed, metadataOf, moduleOf, sleep } from './processes-under-test.ts';

const { process } = globalThis;
const router = await fixture('router/router.wasm');
const { engine, processes } = engineInProcesses({ hostModule: hostModuleNamed('by-name'), count: 2, spares: 1 });
await engine.start(moduleOf('idle', router), metadataOf({ filter: 1 }), true);
const looping = engine.start(moduleOf('loops', router), metadataOf({ filter: 1 }), true);
void looping.catch((error: unknown) => {
  throw error;
});
// The second begins to loop when it has started.
while (processes.used.length < 2) await sleep(5);
await processes.last.ready;
await sleep(500);
process.send?.(processes.pids);
