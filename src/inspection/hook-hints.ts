import type { HookCallFailure, StopReason } from '../hooks/call-error.ts';

/** What to do about code that stopped. */
const stopHints: Readonly<Record<StopReason['kind'], string>> = {
  OutOfFuel: 'bound each loop: a host stops a call that has burnt its fuel',
  Timeout: 'do less in one call: a host stops a call that takes too long',
  OutOfMemory: 'begin with smaller memories and tables',
  StackOverflow: 'recurse less deeply: the stack of a call is bounded',
  Trap: 'a panic ends as a trap, and its text stays in the plugin: test the function natively',
  Engine: 'the engine failed, perhaps for lack of memory: try again',
};

const returning = 'return the answer as address << 32 | length';

/** What to do about each failure of a call. */
const hints: Readonly<Record<Exclude<HookCallFailure['kind'], 'GuestTrap' | 'InstantiateFailed'>, string>> = {
  InvalidRequest: 'make the request smaller',
  MissingExport: 'export the function, which cc-lb-pdk-wasmtime does for each hook that the metadata declare',
  ExportType: 'give the function the expected type',
  NoAllocation: 'return the address of free memory, which may have to grow first',
  AllocationOutside: 'grow the memory before its address is returned',
  EmptyAnswer: `${returning}: neither may be 0`,
  AnswerOutside: `${returning}, within the memory`,
  MalformedResponse: 'write the answer as the archive of cc-lb-plugin-wire 0.9, which ends with its root',
  Panic: 'this is a defect of the host',
};

/** Says what the author of a plugin can do about the failure of a call. */
export function hookHint(failure: HookCallFailure): string {
  return 'stop' in failure ? stopHints[failure.stop.kind] : hints[failure.kind];
}
