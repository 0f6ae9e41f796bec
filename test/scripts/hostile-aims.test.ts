// What the judge of hostile modules makes of what a process reported; the processes themselves are
// those of hostile-modules.test.ts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aims, missesOf, refusalOf } from '../../scripts/hostile-compile/aims.ts';
import type { ChildReport, PhaseEnd, PhaseReport } from '../../scripts/hostile-compile/run-child.ts';

const judge = suite('the aims of hostile modules');

const BYTES = 1_000_000;

const phase = (name: string, ms: number, end: PhaseEnd = 'done', more: Partial<PhaseReport> = {}): PhaseReport => {
  return { name, wallMs: ms, cpuMs: ms, threadMs: ms, peakMb: 10, spaceGb: 1, end, ...more };
};

const returned = { ended: 'returned' };

function report(...phases: PhaseReport[]): ChildReport {
  return { valid: true, phases, died: undefined };
}

const missed = (child: ChildReport, bytes = BYTES): readonly string[] =>
  missesOf(child, bytes, 1).map(({ aim }) => aim);

judge('hold for a module that takes little', () => {
  const phases = [phase('compile', 400), phase('link', 99), phase('first', 440, { ended: 'Timeout' })];
  assert.equal(missed(report(...phases, phase('second', 440, returned), phase('hot-1', 149), phase('admit', 999))), []);
});

judge('are missed one by one', () => {
  assert.equal(missed(report(phase('compile', 400), phase('link', 101))), ['compile']);
  assert.equal(missed(report(phase('admit', 1_001))), ['admit']);
  assert.equal(missed(report(phase('first', 451))), ['first call']);
  assert.equal(missed(report(phase('first', 1, returned), phase('hot-1', 151))), ['call']);
  assert.equal(missed(report(phase('patient', 5_401))), ['patient call']);
  assert.equal(missed(report(phase('first', 1, returned), phase('long', 501))), ['long call']);
  assert.equal(missed(report(phase('first', 1, returned), phase('fuel', 401))), ['fuel']);
  assert.equal(missed(report(phase('answer', 10), phase('dispatch', 411))), ['answer']);
  assert.equal(missed(report(phase('hot-1', 1, 'done', { peakMb: 257 }))), ['peak']);
  assert.equal(missed(report(phase('link', 1, 'done', { spaceGb: 257 }))), ['space']);
  assert.equal(missed(report(phase('idle', 2_001, 'done', { wallMs: 2_001, threadMs: 0 }))), ['threads']);
});

judge('count the least of processor time and clock time, and multiply with the slack', () => {
  assert.equal(missed(report(phase('admit', 3_000, 'done', { cpuMs: 900 }))), []);
  assert.equal(missed(report(phase('admit', 3_000, 'done', { wallMs: 900 }))), []);
  assert.equal(missesOf(report(phase('admit', 1_900)), BYTES, 2), []);
});

judge('allow long first calls only as long as there can be code to compile', () => {
  const timeout = { ended: 'Timeout' };
  const calls = report(phase('first', 60, timeout), phase('second', 300, timeout));
  assert.equal(missed(calls, 1_000_000), []);
  assert.equal(missed(calls, 10_000), ['call']);
});

judge('allow the engine threads by the bytes of code, and a second in any case', () => {
  const busy = report(phase('idle', 1_500, 'done', { threadMs: 0 }));
  assert.equal(missed(busy, 100_000), ['threads']);
  assert.equal(missed(busy, 800_000), []);
  assert.is(aims.threadsMsPerMb, 2_000);
});

judge('take a refusal by name for none, and any other error for one', () => {
  const thrown = (kind: string, name = 'BuildPluginError', limit?: string) =>
    phase('compile', 1, { thrown: `${name}: no`, name, kind, ...(limit !== undefined && { limit }) });
  assert.equal(missed(report(thrown('LimitExceeded'))), []);
  const refusal = { kind: 'LimitExceeded', limit: 'branches', message: 'BuildPluginError: no' };
  assert.equal(refusalOf(report(thrown('LimitExceeded', 'BuildPluginError', 'branches'))), refusal);
  assert.equal(
    missed(report(thrown('InvalidModule'))),
    ['error'],
    'a valid module that is not valid once it is metered',
  );
  assert.equal(missed(report(thrown('', 'RangeError'))), ['error']);
  assert.equal(
    missesOf({ ...report(thrown('InvalidModule')), valid: false }, BYTES, 1),
    [],
    'one that is not valid before',
  );
  assert.is(refusalOf(report(thrown('', 'RangeError'))), undefined);
  assert.equal(missed(report(phase('next', 1, { thrown: 'Error: the next plugin is not admitted' }))), ['error']);
});

judge('are missed by a process that died', () => {
  const [miss] = missesOf({ ...report(), died: { phase: 'idle', how: 'SIGTRAP: Zone' } }, BYTES, 1);
  assert.is(miss?.aim, 'died');
  assert.is(miss?.what, 'the process died in idle: SIGTRAP: Zone');
});

judge.run();
