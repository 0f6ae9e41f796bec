import { readdirSync, readFileSync } from 'node:fs';

/** What a process takes at one time: bytes, but for the handles. */
export interface Sample {
  readonly seconds: number;
  readonly heap: number;
  readonly resident: number;
  /** Address space in bytes; `undefined` if the system does not report it. */
  readonly virtual: number | undefined;
  /** Open files and sockets; `undefined` if the system does not report them. */
  readonly handles: number | undefined;
}

/**
 * What the process takes now.
 * @param seconds since the beginning
 */
export function measure(seconds: number): Sample {
  const { heapUsed, rss } = process.memoryUsage();
  return {
    seconds,
    heap: heapUsed,
    resident: rss,
    virtual: statusBytes('VmSize'),
    handles: fromLinux(() => readdirSync('/proc/self/fd').length),
  };
}

/** The most address space that the process has had, in bytes; `undefined` as in {@link Sample}. */
export function virtualPeak(): number | undefined {
  return statusBytes('VmPeak');
}

function statusBytes(field: 'VmSize' | 'VmPeak'): number | undefined {
  return fromLinux(() => {
    const [, kilobytes] = new RegExp(`${field}:\\s*(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  });
}

function fromLinux(read: () => number): number | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
