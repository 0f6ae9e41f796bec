import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPORTS_MAX, ReportRecorder, replay } from '../../../src/host/remote/reports.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';

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

reports('are bounded, and the last one says how many were dropped', () => {
  const recorder = new ReportRecorder();
  for (let index = 0; index < REPORTS_MAX + 3; index++) recorder.counter('c', index, {});
  const taken = recorder.take();
  assert.is(taken.length, REPORTS_MAX + 1);
  const last = taken.at(-1);
  assert.equal(last?.kind === 'log' && last.event.fields, { dropped: '3', max: '10000' });
  recorder.gauge('g', 1, {});
  assert.is(recorder.take().length, 1, 'the next command may report again');
});

reports.run();
