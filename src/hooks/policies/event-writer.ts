import { utf8Length } from '../../json/text/utf8.ts';
import type { SseEvent, TransformSseEventResult } from '../messages/shape.ts';
import { LF, visitLines } from './event-lines.ts';
import { HookPolicyError } from './policy-error.ts';
import { settleBounds, type WireBounds } from './wire-bounds.ts';

const encoder = /* @__PURE__ */ new TextEncoder();

const EVENT = /* @__PURE__ */ encoder.encode('event: ');
const DATA = /* @__PURE__ */ encoder.encode('data: ');

/**
 * Takes the answer of `transform_sse_event`.
 *
 * @returns the bytes of the events that replace the event, which may be none; `undefined` if it is
 * unchanged.
 * @throws HookPolicyError `OutputTooLarge` or `EventName`.
 */
export function transformedEvents(
  answer: TransformSseEventResult,
  bounds?: WireBounds,
): Uint8Array<ArrayBuffer> | undefined {
  if (answer.kind === 'Unchanged') return undefined;
  return writeEvents(answer.kind === 'Drop' ? [] : answer.events, settleBounds(bounds).outputMaxBytes);
}

/**
 * Writes server-sent events. Each line of the data becomes a field `data`, so clients see LF where
 * the data has CR or CRLF.
 *
 * @param max the most bytes to write: a field has more bytes than its line.
 * @throws HookPolicyError `EventName` if a name has a line break, which could add any field.
 * `OutputTooLarge`.
 */
export function writeEvents(events: readonly SseEvent[], max: number): Uint8Array<ArrayBuffer> {
  for (const [index, { event }] of events.entries())
    if (/[\r\n]/.test(event)) throw new HookPolicyError({ kind: 'EventName', index });
  const bytes = events.reduce((sum, event) => sum + sizeOf(event), 0);
  if (bytes > max) throw new HookPolicyError({ kind: 'OutputTooLarge', bytes, max });
  const written = new Uint8Array(bytes);
  let offset = 0;
  for (const event of events) offset = writeEvent(event, written, offset);
  return written;
}

function sizeOf({ event, data }: SseEvent): number {
  let size = event === '' ? 1 : EVENT.length + utf8Length(event) + 2;
  visitLines(data, (start, end) => {
    size += DATA.length + end - start + 1;
  });
  return size;
}

/** @returns the offset after the event. */
function writeEvent({ event, data }: SseEvent, written: Uint8Array, start: number): number {
  let offset = start;
  const writeLine = (name: Uint8Array, value: Uint8Array): void => {
    written.set(name, offset);
    written.set(value, offset + name.length);
    offset += name.length + value.length + 1;
    written[offset - 1] = LF;
  };
  if (event !== '') writeLine(EVENT, encoder.encode(event));
  visitLines(data, (from, to) => writeLine(DATA, data.subarray(from, to)));
  written[offset] = LF;
  return offset + 1;
}
