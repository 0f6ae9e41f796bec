import type { MeterGlobalName } from '../layout.ts';

/** The globals of one metered instance, the slice that its counter was given, and the bytes that its heap was. */
export interface Account {
  readonly globals: Readonly<Record<MeterGlobalName, WebAssembly.Global>>;
  slice: number;
  heap: bigint;
}

/** Whether the globals of an instance are at a counter and a time. */
export function isAt({ globals }: Account, counter: number, time: number): boolean {
  return Number(globals.counter.value) === counter && Number(globals.time.value) === time;
}

/** Fuel of an instance's slice so far: what is gone of it, but for what was charged for time alone. */
export function unsettled({ globals, slice }: Account): number {
  return slice - 1 - Number(globals.counter.value) - Number(globals.time.value);
}
