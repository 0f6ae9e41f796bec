import { suite } from 'uvu';
import { processesHere } from '../../../src/host/processes/child-processes.ts';
import { Processes } from '../../../src/host/processes/processes.ts';
import { RemoteEngine } from '../../../src/host/remote/engine.ts';
import { remoteOptions } from '../../../src/host/remote/options.ts';
import { assertSameOutcomes, contextUnderTest, smallBudgets } from '../remote/same-outcomes.ts';

const settings = { count: 2, callMs: 60_000, startMs: 60_000, waitingCallsMax: 10, abandonedMax: 2 };

const outcomes = suite('a process answers as the thread of the host does');

outcomes('in every case', async () => {
  const context = contextUnderTest();
  const options = remoteOptions(smallBudgets, context, undefined);
  const start = processesHere({ script: undefined, env: {}, execArgv: undefined });
  const engine = new RemoteEngine(new Processes(start, 1), settings, context, options);
  await assertSameOutcomes(engine, context);
  await engine.close();
});

outcomes.run();
