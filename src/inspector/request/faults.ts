import { formatCount } from '../../digits.ts';
import { decodeNode } from '../../json/decode.ts';
import { JsonDecodeError } from '../../json/text/decode-error.ts';
import { type JsonNode, type ObjectNode, takeEntry } from '../../json/text/node.ts';
import { readJson } from '../../json/text/reader.ts';
import type { Declaration } from '../../json/type.ts';
import { type FormPath, pathText } from './form-path.ts';
import { REQUEST_MAX_CHARACTERS, REQUEST_MAX_LINES } from './json-document.ts';
import { placeOf, type TextPlace } from './text-place.ts';

/** How many faults of a request are shown. */
export const FAULTS_MAX = 20;

/** Why a text is not the request that is meant: where, and what was expected. */
export interface RequestFault {
  /** Where in the value: `$.candidates[0].name`; `$` if the text is not JSON. */
  readonly path: string;
  /** Where in the text; missing if the fault has no place. */
  readonly place?: TextPlace;
  readonly message: string;
  readonly expected: string;
  /** What the text has instead: a name of a type, a number or a name. */
  readonly found: string;
}

/** What a text of a request was read as. */
export interface ReadRequest {
  /** The value of the text; missing if it is not JSON, or too long. */
  readonly node?: JsonNode;
  /** Why it is not a request; empty if it is one. At most {@link FAULTS_MAX}. */
  readonly faults: readonly RequestFault[];
}

/**
 * Reads a text as a request. Never throws for any text.
 *
 * @param type of the request. The field `_v`, which a host adds, is left out.
 */
export function readRequestText(type: Declaration, text: string): ReadRequest {
  const tooLong = sizeFault(text);
  if (tooLong !== undefined) return { faults: [tooLong] };
  try {
    const node = readJson(text);
    return { node, faults: faultsOf(type, node, text) };
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    return { faults: [faultAt(error, [], text)] };
  }
}

/** Says that a text is too long to be read; `undefined` if it is not. */
export function sizeFault(text: string): RequestFault | undefined {
  if (text.length > REQUEST_MAX_CHARACTERS) return tooLong(text.length, REQUEST_MAX_CHARACTERS, 'characters');
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines > REQUEST_MAX_LINES ? tooLong(lines, REQUEST_MAX_LINES, 'lines') : undefined;
}

function tooLong(count: number, max: number, unit: 'characters' | 'lines'): RequestFault {
  const expected = `at most ${formatCount(max)} ${unit}`;
  const found = `${formatCount(count)} ${unit}`;
  return { path: '$', message: `the text is too long: expected ${expected}, found ${found}`, expected, found };
}

function faultsOf(type: Declaration, root: JsonNode, text: string): readonly RequestFault[] {
  const request = root.kind === 'object' ? takeEntry(root, '_v').rest : root;
  if (decodeFault(type, request) === undefined) return [];
  const faults: RequestFault[] = [];
  collect(type, request, [], (error, path) => {
    faults.push(faultAt(error, path, text));
    return faults.length < FAULTS_MAX;
  });
  return faults;
}

/** Why a value is not of a type; `undefined` if it is. */
export function decodeFault(type: Declaration, node: JsonNode): JsonDecodeError | undefined {
  try {
    decodeNode(type, node, 'refused');
    return undefined;
  } catch (error) {
    if (error instanceof JsonDecodeError) return error;
    throw error;
  }
}

/** Receives a fault, and the path of the value whose decoder found it. Returns whether to go on. */
type Found = (error: JsonDecodeError, path: FormPath) => boolean;

/**
 * Finds the faults of a value. A decoder ends at its first. So the parts of a value are decoded by
 * themselves first, and the value itself only if they have none.
 *
 * @returns how many faults were found; `undefined` if there are enough.
 */
function collect(type: Declaration, node: JsonNode, path: FormPath, found: Found): number | undefined {
  let count = 0;
  for (const [step, part, partType] of partsOf(type, node)) {
    const inPart = collect(partType, part, step === undefined ? path : [...path, step], found);
    if (inPart === undefined) return undefined;
    count += inPart;
  }
  if (count > 0) return count;
  const error = decodeFault(type, node);
  if (error === undefined) return 0;
  return found(error, path) ? 1 : undefined;
}

type Part = readonly [step: string | number | undefined, node: JsonNode, type: Declaration];

/**
 * The parts of a value that are decoded by themselves. Those of a union are not: serde reads them
 * by other rules.
 */
function partsOf(type: Declaration, node: JsonNode): readonly Part[] {
  if (type.kind === 'option') return node.kind === 'null' ? [] : [[undefined, node, type.of]];
  if (type.kind === 'struct' && node.kind === 'object') {
    return type.fields.flatMap((field): Part[] => firstOf(node, field.name).map((of) => [field.name, of, field.type]));
  }
  if ((type.kind === 'list' || type.kind === 'fixedArray') && node.kind === 'array') {
    return node.value.map((item, index): Part => [index, item, type.of]);
  }
  if (type.kind === 'map' && node.kind === 'object') {
    return node.value.map(({ key, value }): Part => [key, value, type.of]);
  }
  return [];
}

function firstOf(node: ObjectNode, name: string): readonly JsonNode[] {
  const entry = node.value.find(({ key }) => key === name);
  return entry === undefined ? [] : [entry.value];
}

/** @param within the path of the value whose decoder found the fault. */
function faultAt({ failure }: JsonDecodeError, within: FormPath, text: string): RequestFault {
  const { offset, expected, found } = failure;
  const path = pathText(within) + failure.path.slice(1);
  const { message } = new JsonDecodeError({ ...failure, path });
  return { path, place: placeOf(text, offset), message, expected, found };
}
