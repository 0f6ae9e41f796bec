import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FIRST_SETTINGS } from '../../../src/inspector/call/settings.ts';
import { hexText, LiveHost } from '../../../src/inspector/worker/live-host.ts';
import { Recording } from '../../../src/inspector/worker/recording.ts';
import { callsUntil, prettyText } from '../../../src/inspector/worker/session.ts';

const recording = suite('Recording');

recording('sums what is counted, by name and labels', () => {
  const made = new Recording();
  made.counter('a', 1, { plugin: 'p' });
  made.counter('a', 18446744073709551615n, { plugin: 'p' });
  made.counter('a', 2, {});
  assert.equal(made.report().counters, [
    { name: 'a', labels: 'plugin=p', total: '18446744073709551616', times: 2 },
    { name: 'a', labels: '', total: '2', times: 1 },
  ]);
});

recording('is bounded: by events, by names and by characters', () => {
  const made = new Recording();
  const event = { level: 'info', target: 't', message: 'x'.repeat(10_000), fields: {} } as const;
  for (let count = 0; count < 300; count++) {
    made.log(event);
    made.counter(`name ${count}`, 1n, {});
    made.counter('name 0', 1n, {});
  }
  const { logs, moreLogs, counters, moreCounters } = made.report();
  assert.equal([logs.length, moreLogs, counters.length, moreCounters], [200, 100, 200, 100]);
  assert.is(logs[0]?.message.length, 2_000 + '… (8000 more characters)'.length);
  assert.is(counters[0]?.total, '301');
});

recording.run();

const host = suite('LiveHost');

/** Calls a host function as the kernel does. */
function callOf(live: LiveHost, name: string, ...args: unknown[]): unknown {
  const found = live.functions(new Recording()).find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no host function ${name}`);
  // The cast: the caller passes what the declaration of the function says.
  return (found.implementation as (...given: unknown[]) => unknown)(...args);
}

host('shows what is stored: text as text, other bytes as digits, and not all of it', () => {
  const live = new LiveHost('p', { ...FIRST_SETTINGS, isRandomFixed: true, clockMs: 5 });
  const call = (name: string, ...args: unknown[]): unknown => callOf(live, name, ...args);
  live.beginCall();
  call('cc_lb_storage_put', 'text', new TextEncoder().encode('hello'));
  call('cc_lb_storage_put', 'bytes', Uint8Array.of(0xff, 0));
  for (let index = 0; index < 120; index++) call('cc_lb_storage_put', `k${index}`, new Uint8Array());
  assert.equal(call('cc_lb_random_bytes', 3n), Uint8Array.of(0, 1, 2));
  assert.is(call('cc_lb_now_unix_ms'), 5);
  const contents = live.contents();
  assert.equal(contents.entries.slice(0, 2), [
    { key: 'text', bytes: 5, value: { text: 'hello', more: 0 } },
    { key: 'bytes', bytes: 2, value: { text: 'ff 00', more: 0 } },
  ]);
  assert.equal([contents.entries.length, contents.moreEntries], [100, 22]);
  assert.equal([contents.clockReads, contents.randomBytes], [1, 3]);
  live.beginCall();
  live.clear();
  assert.equal([live.contents().usedBytes, live.contents().randomBytes], [0, 0]);
});

host('has unpredictable bytes and the time of the machine by default', () => {
  const live = new LiveHost('p', FIRST_SETTINGS);
  assert.ok(Number(callOf(live, 'cc_lb_now_unix_ms')) > 1_700_000_000_000);
  const bytes = callOf(live, 'cc_lb_random_bytes', 64n) as Uint8Array;
  assert.ok(new Set(bytes).size > 8);
});

host('cuts digits of many bytes', () => {
  assert.equal(hexText(new Uint8Array(100), 2), { text: '00 00', more: 98 });
});

host.run();

const session = suite('sessions');

session('lay out JSON, and cut it', () => {
  assert.equal(prettyText('[1]'), { text: '[\n  1\n]', more: 0 });
  assert.ok(prettyText(`"${'x'.repeat(300_000)}"`).more > 99_000);
});

session('make one call at least', () => {
  const cost = { durationMs: 0, fuel: 1, memoryPages: 1 };
  assert.is(callsUntil(5, 0, () => ({ cost })).costs.length, 1);
  assert.is(callsUntil(5, 60_000, () => ({ cost })).costs.length, 5);
});

session.run();
