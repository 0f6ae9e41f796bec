import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HookCallError, type HookCallFailure, type StopReason, stopReasonOf } from '../../src/hooks/call-error.ts';
import { HookSlotError, type HookSlotFailure } from '../../src/hooks/slots/slot-error.ts';

const errors = suite('the errors of hook plugins');

const trapped = (stop: StopReason): HookCallFailure => ({ kind: 'GuestTrap', phase: 'cc_lb_shape', stop });

const calls: readonly (readonly [failure: HookCallFailure, phase: string, upstream: string | null, text: RegExp])[] = [
  [{ kind: 'InvalidRequest', path: '$.body', expected: 'a Uint8Array' }, 'request', null, /at \$\.body, expected a U/],
  [{ kind: 'InstantiateFailed', stop: { kind: 'OutOfMemory' } }, 'instantiate', 'InstantiateFailed', /out of memory/],
  [{ kind: 'MissingExport', name: 'cc_lb_alloc' }, 'exports', 'ModuleRejected', /exports no function cc_lb_alloc/],
  [
    { kind: 'ExportType', name: 'cc_lb_alloc', expected: 'i32 -> i32', found: '->' },
    'exports',
    'ModuleRejected',
    /must have the type i32 -> i32, but has ->/,
  ],
  [trapped({ kind: 'OutOfFuel' }), 'cc_lb_shape', 'GuestTrap', /^cc_lb_shape failed: the plugin ran out of fuel$/],
  [trapped({ kind: 'Timeout' }), 'cc_lb_shape', 'GuestTrap', /ran out of time/],
  [trapped({ kind: 'StackOverflow' }), 'cc_lb_shape', 'GuestTrap', /ran out of stack/],
  [trapped({ kind: 'Trap', reason: 'unreachable' }), 'cc_lb_shape', 'GuestTrap', /trapped: unreachable/],
  [trapped({ kind: 'Engine', reason: 'no room' }), 'cc_lb_shape', 'GuestTrap', /the engine failed: no room/],
  [{ kind: 'NoAllocation', size: 7 }, 'cc_lb_alloc', 'GuestTrap', /returned 0 for 7 bytes/],
  [
    { kind: 'AllocationOutside', address: 8, size: 7, memoryBytes: 9 },
    'memory.write',
    'GuestTrap',
    /returned 8 for 7 bytes, but the memory ends at 9/,
  ],
  [{ kind: 'EmptyAnswer', address: 8, size: 0 }, 'reject', 'ModuleRejected', /address 8, 0 bytes/],
  [{ kind: 'AnswerOutside', address: 8, size: 7, memoryBytes: 9 }, 'reject', 'ModuleRejected', /it ends at 9/],
  [
    {
      kind: 'MalformedResponse',
      path: '$',
      offset: 3,
      reason: 'cut',
      fault: { kind: 'TooShort', path: '$', offset: 3, expected: '4 bytes', found: '3 bytes' },
    },
    'response',
    null,
    /is not a response: cut$/,
  ],
  [{ kind: 'Panic' }, 'host', null, /the host's own code failed/],
];

errors('each failure of a call has its phase, its kind in cc-lb, and a text', () => {
  for (const [failure, phase, upstream, text] of calls) {
    const error = new HookCallError(failure);
    assert.equal([error.phase, error.upstream], [phase, upstream], failure.kind);
    assert.match(error.message, text);
  }
});

errors('a trap differs from a failure of the engine', () => {
  const kindOf = (thrown: unknown): string => stopReasonOf(thrown).kind;
  assert.is(kindOf(new WebAssembly.RuntimeError('unreachable')), 'Trap');
  assert.is(kindOf(new RangeError('could not allocate memory')), 'Engine');
  assert.is(kindOf('a text'), 'Engine');
});

const slots: readonly (readonly [failure: HookSlotFailure, upstream: string | null, text: RegExp])[] = [
  [{ kind: 'KindChanged', from: 'filter', to: 'shape' }, 'ModuleRejected', /for filter, not for shape/],
  [{ kind: 'TooManySlots', max: 2 }, null, /there are 2 slots/],
  [{ kind: 'TooManyRegistrations', max: 3 }, null, /3 registrations/],
];

errors('each refusal of a registration has its kind in cc-lb and a text', () => {
  for (const [failure, upstream, text] of slots) {
    const error = new HookSlotError(failure, { subject: 'name' });
    assert.is(error.upstream, upstream);
    assert.match(error.message, text);
    assert.match(error.message, /^name: /);
  }
});

errors.run();
