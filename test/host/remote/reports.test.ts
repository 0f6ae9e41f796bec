import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPORT_CHARACTERS_MAX, REPORTS_MAX, ReportRecorder, replay } from '../../../src/host/remote/reports.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';

const MEBI = 1024 * 1024;

const reports = suite('reports of a remote');

reports('arrive as they were made, numbers of plugins with all their digits', () => {
  const recorder = new ReportRecorder();
  const event = { level: 'info', target: 't', message: 'm', fields: {} } as const;
  recorder.log(event);
  recorder.counter('c', 2n ** 64n, { a: 'b' });
  recorder.histogram('h', 0.5, {});
  recorder.gauge('g', 7, {});
  const telemetry = recordedTelemetry();
  replay(structuredClone(recorder.take()), telemetry);
  assert.equal(telemetry.events, [event]);
  assert.equal(telemetry.counters, [{ name: 'c', value: 2n ** 64n, labels: { a: 'b' } }]);
  assert.equal(telemetry.measurements, [{ name: 'h', value: 0.5, labels: {} }]);
  assert.equal(telemetry.gauges, [{ name: 'g', value: 7, labels: {} }]);
  assert.equal(recorder.take(), [], 'they are taken once');
});

reports('reach a telemetry that has not all functions', () => {
  const recorder = new ReportRecorder();
  recorder.gauge('g', 7, {});
  recorder.counter('c', 1, {});
  const { log, counter, counters } = recordedTelemetry();
  replay(recorder.take(), { log, counter });
  assert.is(counters.length, 1);
});

reports.run();

const recording = suite('the reports of one command');

/** Logs texts of some length, and returns how many a host gets, and what the last one says. */
function logged(recorder: ReportRecorder, times: number, characters: number) {
  const message = 'x'.repeat(characters);
  for (let time = 0; time < times; time++)
    recorder.log({ level: 'info', target: 'cc_lb_plugin.log', message, fields: { plugin: '' } });
  const telemetry = recordedTelemetry();
  replay(recorder.take(), telemetry);
  return { count: telemetry.events.length, last: telemetry.events.at(-1)?.fields };
}

recording('are bounded by their number, and by the length of their texts', () => {
  const recorder = new ReportRecorder();
  const most = REPORT_CHARACTERS_MAX / MEBI;
  const max = { max: String(REPORTS_MAX), max_characters: String(REPORT_CHARACTERS_MAX) };
  assert.equal(logged(recorder, most, MEBI), { count: most, last: { plugin: '' } });
  assert.equal(logged(recorder, 5_000, MEBI), { count: most + 1, last: { dropped: String(5_000 - most), ...max } });
  assert.equal(logged(recorder, REPORTS_MAX + 7, 1), { count: REPORTS_MAX + 1, last: { dropped: '7', ...max } });
  assert.equal(logged(recorder, 1, 5), { count: 1, last: { plugin: '' } }, 'the next command begins anew');
});

recording('are bounded by the length of the names of counters and of fields', () => {
  const recorder = new ReportRecorder();
  for (let time = 0; time < 5_000; time++) {
    recorder.counter('n'.repeat(MEBI), 1n, {});
    recorder.log({ level: 'info', target: '', message: '', fields: { error: 'e'.repeat(MEBI) } });
  }
  assert.is(recorder.take().length, REPORT_CHARACTERS_MAX / MEBI + 1);
});

recording.run();
