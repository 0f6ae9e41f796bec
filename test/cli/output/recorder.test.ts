import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRecorder } from '../../../src/cli/output/recorder.ts';
import { recordedIo } from '../recorded-io.ts';

const recorder = suite('createRecorder');

const event = { level: 'warn', target: 't', message: 'a\nb', fields: { plugin: 'p\u001b' } } as const;

recorder('keeps events in order, and prints nothing without an output', () => {
  const { telemetry, logs, counters } = createRecorder();
  telemetry.log(event);
  telemetry.counter('c', 2n ** 64n - 1n, {});
  telemetry.counter('d', 1, { a: 'b' });
  assert.equal(logs, [event]);
  assert.equal(counters, [
    { name: 'c', value: 18446744073709551615n, labels: {} },
    { name: 'd', value: 1, labels: { a: 'b' } },
  ]);
});

recorder('prints one printable line for each event', () => {
  const { stderr, printed } = recordedIo();
  const { telemetry } = createRecorder(stderr);
  telemetry.log(event);
  telemetry.log({ ...event, level: 'info', fields: {} });
  telemetry.counter('c\r', 18446744073709551615n, { a: 'b', c: 'd' });
  assert.is(
    printed.stderr,
    'warn    t: a\\nb {plugin=p\\u{1b}}\ninfo    t: a\\nb\ncounter c\\r +18446744073709551615 {a=b, c=d}\n',
  );
});

recorder('colours the level', () => {
  const { stderr, printed } = recordedIo({ color: true });
  createRecorder(stderr).telemetry.log(event);
  assert.ok(printed.stderr.startsWith('\u001b[33mwarn   \u001b[39m t: '));
});

recorder.run();
