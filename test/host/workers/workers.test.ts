import { suite } from 'uvu';
import { RemoteEngine } from '../../../src/host/remote/engine.ts';
import { remoteOptions } from '../../../src/host/remote/options.ts';
import { threadsHere } from '../../../src/host/workers/thread.ts';
import { WorkerRemote } from '../../../src/host/workers/worker-remote.ts';
import { assertSameOutcomes, contextUnderTest, smallBudgets } from '../remote/same-outcomes.ts';

/** Bounds that nothing here reaches. */
const settings = { count: 2, callMs: 60_000, startMs: 60_000, waitingCallsMax: 10, abandonedMax: 2 };

const outcomes = suite('a worker answers as the thread of the host does');

// Once in a browser: all its workers share the address space for about a hundred memories.
for (const takesModules of 'document' in globalThis || 'WorkerGlobalScope' in globalThis ? [true] : [true, false]) {
  if (takesModules && 'Deno' in globalThis) {
    console.log('skipped: outcomes of posted modules: a module alone does not tell where it trapped on Deno');
    continue;
  }
  outcomes(`if it is given ${takesModules ? 'modules' : 'bytes'}`, async () => {
    const context = contextUnderTest();
    const options = remoteOptions(smallBudgets, context, undefined);
    const start = threadsHere(undefined);
    const kind = { noun: 'worker', takesModules, start: () => new WorkerRemote(start) } as const;
    const engine = new RemoteEngine(kind, settings, context, options);
    try {
      await assertSameOutcomes(engine, context);
    } finally {
      await engine.close();
    }
  });
}

outcomes.run();
