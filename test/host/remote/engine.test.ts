import { suite } from 'uvu';
import { RemoteEngine } from '../../../src/host/remote/engine.ts';
import { remoteOptions } from '../../../src/host/remote/options.ts';
import { RemotesInMemory } from './in-memory.ts';
import { assertSameOutcomes, contextUnderTest, smallBudgets } from './same-outcomes.ts';

/** Bounds that nothing here reaches. */
const settings = { count: 2, callMs: 60_000, startMs: 60_000, waitingCallsMax: 10, abandonedMax: 2 };

const outcomes = suite('a remote answers as the thread of the host does');

for (const takesModules of [true, false]) {
  if (takesModules && 'Deno' in globalThis) {
    console.log('skipped: outcomes of posted modules: a module alone does not tell where it trapped on Deno');
    continue;
  }
  outcomes(`if it is given ${takesModules ? 'modules' : 'bytes'}`, async () => {
    const context = contextUnderTest();
    const options = remoteOptions(smallBudgets, context, undefined);
    const engine = new RemoteEngine(new RemotesInMemory(takesModules), settings, context, options);
    await assertSameOutcomes(engine, context);
    await engine.close();
  });
}

outcomes.run();
