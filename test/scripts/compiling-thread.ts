// Whether a thread ends in the middle of a compile. What it does then shows only in the processor
// time of the process, so this is not for browsers.
import process from 'node:process';
import { encodeUnsigned } from '../../src/wasm/encoding/leb128.ts';
import { startThread } from '../host/workers/endless.ts';

/** Functions of the module, and bytes of each: engines take a tenth of a second or more for all. */
const [FUNCTIONS, BODY_BYTES] = [30, 6_000_000];

/** How long the thread is watched, in milliseconds. */
const WATCH_MS = 2_000;

/** The script of the thread. The host sees in the word when it begins. */
const script = `({ bytes, words }) => {
  Atomics.store(words, 0, 1);
  new WebAssembly.Module(bytes);
}`;

/**
 * Ends a thread that began to compile a moment ago.
 *
 * @returns a promise of whether it stopped then. If not, the process works on for a tenth of the
 * time that the whole compile takes, or longer: Bun does not always come to the end.
 */
export async function endsInCompile(): Promise<boolean> {
  const bytes = largeModule();
  const usage = process.cpuUsage();
  new WebAssembly.Module(bytes);
  const whole = milliseconds(process.cpuUsage(usage));

  const words = new Int32Array(new SharedArrayBuffer(4));
  const thread = startThread(script);
  thread.post({ bytes, words });
  while (Atomics.load(words, 0) === 0) await pause(1);
  // The compile begins after the word was written.
  await works(whole / 8);
  thread.terminate();
  return !(await works(whole / 10));
}

/** @returns a promise of whether the process works on for a time: milliseconds of a processor. */
async function works(ms: number): Promise<boolean> {
  const from = process.cpuUsage();
  for (const endsAt = performance.now() + WATCH_MS; performance.now() < endsAt; ) {
    await pause(50);
    if (milliseconds(process.cpuUsage(from)) > ms) return true;
  }
  return false;
}

/** A module with functions of one body: `i32.const 7` and `drop`, again and again. */
function largeModule(): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(BODY_BYTES).fill(0x01);
  for (let at = 1; at + 4 < BODY_BYTES; at += 3) body.set([0x41, 7, 0x1a], at);
  body[0] = 0;
  body[BODY_BYTES - 1] = 0x0b;
  const size = encodeUnsigned(BODY_BYTES);
  const count = encodeUnsigned(FUNCTIONS);
  const types = [0x01, 4, 1, 0x60, 0, 0];
  const functions = [0x03, count.length + FUNCTIONS, ...count, ...new Array<number>(FUNCTIONS).fill(0)];
  const codeBytes = count.length + FUNCTIONS * (size.length + BODY_BYTES);
  const start = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...types, ...functions, 0x0a, ...encodeUnsigned(codeBytes), ...count];
  const module = new Uint8Array(start.length + codeBytes - count.length);
  module.set(start);
  for (let at = start.length; at < module.length; at += size.length + BODY_BYTES) {
    module.set(size, at);
    module.set(body, at + size.length);
  }
  return module;
}

const milliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
