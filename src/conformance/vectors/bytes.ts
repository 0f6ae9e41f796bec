import { list, skippedWhenNone, string, u32 } from '../../json/declare.ts';
import { encodeString } from '../../json/encoders/scalars.ts';
import { refuseNodeValue } from '../../json/text/decode-refusal.ts';
import type { JsonNode } from '../../json/text/node.ts';
import { within } from '../../json/text/refusal.ts';
import type { DecodeRules, Infer, WireType } from '../../json/type.ts';
import { customSection, writeSection } from '../../wasm/emit/section-writer.ts';
import { ByteSink } from '../../wasm/encoding/byte-sink.ts';
import { encodeUnsigned } from '../../wasm/encoding/leb128.ts';
import { SECTION } from '../../wasm/grammar/sections.ts';
import { objectForm } from './object-form.ts';

/*
 * Bytes and modules as the files of vectors write them (abi/vectors/README.md, "Bytes"). They
 * decode to the bytes.
 */

/**
 * Finds a module that vectors use.
 *
 * @param name the name of its file, without `.wasm`.
 * @returns its bytes; `undefined` if there is no such module.
 */
export type FindModule = (name: string) => Uint8Array | undefined;

/** The most bytes that a field stands for. */
const MAX_BYTES = 0x100_0000;

/** The name of a module. A name must not lead to another folder. */
const MODULE_NAME = /^[\w-]+$/;

const utf8 = new TextEncoder();

/** A part of bytes. */
export const bytesPart = objectForm('BytesPart', {
  text: skippedWhenNone(string),
  hex: skippedWhenNone(string),
  times: skippedWhenNone(u32),
});

const bytesParts = list(bytesPart);

/** Bytes: a string, or a list of parts. */
export const bytes: WireType<Uint8Array> = {
  kind: 'string',
  encoder: encodeString,
  decode: (node: JsonNode, rules: DecodeRules): Uint8Array => {
    if (node.kind === 'string') return utf8.encode(node.value);
    // The decoder of a declaration returns values of its type.
    const parts = bytesParts.decode(node, rules) as Infer<typeof bytesParts>;
    return joined(node, parts, plainPart);
  },
};

/** A part of a module. */
export const modulePart = objectForm('ModulePart', {
  text: skippedWhenNone(string),
  hex: skippedWhenNone(string),
  times: skippedWhenNone(u32),
  file: skippedWhenNone(string),
  custom: skippedWhenNone(string),
  payload: skippedWhenNone(bytes),
  answer: skippedWhenNone(bytes),
});

const moduleParts = list(modulePart);

type Part = Infer<typeof bytesPart>;

/** The fields of all parts. The type is written out: it would be circular if it were inferred. */
interface AnyPart {
  readonly text?: string | null | undefined;
  readonly hex?: string | null | undefined;
  readonly times?: number | null | undefined;
  readonly file?: string | null | undefined;
  readonly custom?: string | null | undefined;
  readonly payload?: Uint8Array | null | undefined;
  readonly answer?: Uint8Array | null | undefined;
}

/**
 * Declares a module: the name of a file, or a list of parts.
 *
 * @param find finds the files.
 */
export function moduleType(find: FindModule): WireType<Uint8Array> {
  const fileNamed = (name: string, node: JsonNode): Uint8Array =>
    (MODULE_NAME.test(name) ? find(name) : undefined) ??
    refuseNodeValue(node, 'the name of a file in modules/, without .wasm', 'another name');
  const decode = (node: JsonNode, rules: DecodeRules): Uint8Array => {
    if (node.kind === 'string') return fileNamed(node.value, node);
    // The decoder of a declaration returns values of its type.
    const parts = moduleParts.decode(node, rules) as Infer<typeof moduleParts>;
    return joined(node, parts, (part, place) => {
      const { file, custom, payload, answer } = part;
      if (typeof file === 'string') return fileNamed(file, place);
      if (typeof custom === 'string') return customSection(custom, payload ?? new Uint8Array());
      return answer instanceof Uint8Array ? answerSection(answer) : plainPart(part, place);
    });
  };
  return { kind: 'string', decode, encoder: encodeString };
}

/** The fields that say what a part is. It has one of them. */
const PART_KINDS = ['text', 'hex', 'file', 'custom', 'answer'] as const;

/** Fields of a part that only parts of some kinds have. */
const PART_DETAILS = [
  { name: 'times', of: ['text', 'hex'] },
  { name: 'payload', of: ['custom'] },
] as const;

/** Checks what the declaration of a part does not say. */
function checkPart(part: AnyPart, place: JsonNode): void {
  const has = (name: keyof AnyPart): boolean => part[name] !== undefined && part[name] !== null;
  const kinds = PART_KINDS.filter(has);
  if (kinds.length !== 1)
    refuseNodeValue(place, `a part with one of ${PART_KINDS.join(', ')}`, `one with ${kinds.length} of them`);
  for (const { name, of } of PART_DETAILS)
    if (has(name) && !of.some(has)) refuseNodeValue(place, `${name} beside ${of.join(' or ')}`, 'another part');
}

function joined<P extends AnyPart>(
  node: JsonNode,
  parts: readonly P[],
  bytesOf: (part: P, place: JsonNode) => Uint8Array,
): Uint8Array {
  const places = node.kind === 'array' ? node.value : [];
  const sink = new ByteSink();
  parts.forEach((part, index) => {
    const place = places[index] ?? node;
    try {
      checkPart(part, place);
      const bytes = bytesOf(part, place);
      if (sink.length + bytes.length > MAX_BYTES)
        refuseNodeValue(place, `at most ${MAX_BYTES} bytes in all parts`, 'more', 'IntegerOutOfRange');
      sink.append(bytes);
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
  });
  return sink.view().slice();
}

/** The bytes of a part with `text` or `hex`. */
function plainPart({ text, hex, times }: Part, place: JsonNode): Uint8Array {
  const once = typeof text === 'string' ? utf8.encode(text) : fromHex(hex ?? '', place);
  const count = times ?? 1;
  if (once.length * count > MAX_BYTES)
    refuseNodeValue(place, `a part of at most ${MAX_BYTES} bytes`, 'more', 'IntegerOutOfRange');
  const repeated = new Uint8Array(once.length * count);
  for (let at = 0; at < repeated.length; at += once.length) repeated.set(once, at);
  return repeated;
}

function fromHex(digits: string, place: JsonNode): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(digits))
    refuseNodeValue(place, 'an even number of lower-case hexadecimal digits', 'another string');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** A data section with an active segment at address 0: the length as a u32, and the bytes. */
function answerSection(answer: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, answer.length, true);
  const oneSegmentAtZero = [1, 0, ...[0x41, 0x00, 0x0b], ...encodeUnsigned(length.length + answer.length)];
  const sink = new ByteSink();
  writeSection(sink, SECTION.data, [oneSegmentAtZero, length, answer]);
  return sink.view().slice();
}
