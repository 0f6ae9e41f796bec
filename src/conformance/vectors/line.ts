import { encodeBase64 } from '../../base64.ts';
import { base64 } from '../../hooks/json-form.ts';
import { list, skippedWhenNone, string } from '../../json/declare.ts';
import { decodeJson } from '../../json/decode.ts';
import { encodeJson } from '../../json/encode.ts';
import type { WireType } from '../../json/type.ts';
import { isUint8Array } from '../../realms.ts';
import { endType } from './end.ts';
import { objectForm } from './object-form.ts';
import type { HostAnswer } from './run.ts';
import { lineType, type Vector } from './vector.ts';

/*
 * The driver protocol: a line of JSON for each vector, and a line for its answer
 * (abi/vectors/README.md).
 */

/**
 * Writes the line that a driver gets: the vector without its ends, with bytes as base64.
 *
 * @returns the line, without a line feed.
 */
export function vectorLine(vector: Vector): string {
  const { ends: _ends, rule: _rule, about: _about, deviation: _deviation, steps, ...given } = vector;
  const line = steps ? { ...given, steps: steps.map(({ ends: _end, ...step }) => step) } : given;
  return encodeJson(lineType(vector.layer), withTextBytes(line), 'declared');
}

/** Copies plain values, with the base64 of bytes in their place. */
function withTextBytes(value: unknown): unknown {
  if (isUint8Array(value)) return encodeBase64(value);
  if (Array.isArray(value)) return value.map(withTextBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withTextBytes(field)]));
}

// `base64` decodes to bytes.
const bytesAsText = base64 as WireType<Uint8Array>;

const answer = objectForm('Answer', {
  id: string,
  ends: skippedWhenNone(list(endType(bytesAsText))),
  unsupported: skippedWhenNone(string),
});

/** A line that a driver answered. */
export interface AnswerLine {
  /** The id of the vector. */
  readonly id: string;
  readonly answer: HostAnswer;
}

/**
 * Reads the line that a driver answered.
 *
 * @throws JsonDecodeError if it is not JSON of an answer; Error if it has both `ends` and
 * `unsupported`, or neither.
 */
export function readAnswer(line: string): AnswerLine {
  const { id, ends, unsupported } = decodeJson(answer, line);
  const isUnsupported = typeof unsupported === 'string';
  if (isUnsupported === Array.isArray(ends)) throw new Error('an answer must have either ends or unsupported');
  return { id, answer: isUnsupported ? { unsupported } : { ends: ends ?? [] } };
}
