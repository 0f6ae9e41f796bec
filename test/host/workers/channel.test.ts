import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CHANNEL_BYTES,
  channelOf,
  createChannel,
  readAnswer,
  readCall,
  writeAnswer,
  writeCall,
} from '../../../src/host/workers/channel.ts';

const memory = createChannel();

const channels = suite('a channel');

channels('is there wherever a host can wait for shared memory', () => {
  const isShared = typeof SharedArrayBuffer !== 'undefined' && globalThis.crossOriginIsolated !== false;
  assert.is(memory !== undefined, isShared && 'waitAsync' in Atomics);
});

if (memory === undefined)
  console.log('skipped: what a channel carries: there is no shared memory here that hosts can wait for');
else {
  const channel = channelOf(memory);
  const callOf = (name: string, length: number) =>
    ({ kind: 'call', plugin: 7, function: name, request: new Uint8Array(length).fill(3) }) as const;

  channels('carries calls whose name and request have room', () => {
    for (const call of [callOf('', 0), callOf('filtré', 10), callOf('filter', CHANNEL_BYTES - 6)]) {
      assert.ok(writeCall(channel, call));
      assert.equal(readCall(channel), { ...call, request: new Uint8Array(readCall(channel).request) });
      assert.is(readCall(channel).request.length, call.request.length);
    }
    assert.not.ok(writeCall(channel, callOf('filter', CHANNEL_BYTES - 5)));
  });

  channels('carries calls of more names than it keeps', () => {
    for (let index = 0; index < 250; index++) {
      assert.ok(writeCall(channel, callOf(`function${index}`, 1)));
      assert.is(readCall(channel).function, `function${index}`);
    }
  });

  channels('carries answers with what the call used, as far as it is known', () => {
    const answer = new Uint8Array([1, 2]);
    const uses = [undefined, { requestBytes: 1, responseBytes: 2 }, { fuel: 9, requestBytes: 1, responseBytes: 2 }];
    for (const used of uses)
      for (const reports of ['', '["é"]']) {
        assert.ok(writeAnswer(channel, { answer, used, reports }));
        assert.equal(readAnswer(channel), { answer, used, reports });
      }
  });

  channels('does not carry answers that have no room with their reports', () => {
    const answer = new Uint8Array(CHANNEL_BYTES);
    assert.ok(writeAnswer(channel, { answer, used: undefined, reports: '' }));
    assert.not.ok(writeAnswer(channel, { answer, used: undefined, reports: '[]' }));
  });
}

channels.run();
