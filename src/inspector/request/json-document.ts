import { type ArrayNode, type FloatNode, type JsonNode, type ObjectNode, TextNode } from '../../json/text/node.ts';
import { readJson } from '../../json/text/reader.ts';
import { quote } from '../../json/text/write.ts';

/**
 * The longest text of a request that is read, in UTF-16 code units. The largest request of the
 * conformance checks has 1.4 million.
 */
export const REQUEST_MAX_CHARACTERS: number = 2 * 1024 * 1024;

/**
 * The most lines of a request that is read. Browsers take seconds to lay out a text field with a
 * hundred thousand.
 */
export const REQUEST_MAX_LINES = 20_000;

/** The longest text that {@link writeDocument} gives lines: about as many as may be read. */
const LAID_OUT_MAX_CHARACTERS = 256 * 1024;

/** `null` as a node that no text has yet. */
export const nullNode: JsonNode = new TextNode('null', null, '', 0);

/** Makes a string as a node that no text has yet. */
export function stringNode(value: string): JsonNode {
  return new TextNode('string', value, '', 0);
}

/** Makes `true` or `false` as a node that no text has yet. */
export function booleanNode(value: boolean): JsonNode {
  return new TextNode('boolean', value, '', 0);
}

/** Makes an array as a node that no text has yet. */
export function arrayNode(items: readonly JsonNode[]): ArrayNode {
  return new TextNode('array', items, '', 0);
}

/** Makes an object as a node that no text has yet. */
export function objectNode(entries: readonly (readonly [key: string, value: JsonNode])[]): ObjectNode {
  const made = entries.map(([key, value]) => ({ key, value }));
  return new TextNode('object', made, '', 0);
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Makes a number of what was typed. Its digits are kept. What is not a number of JSON, or too large
 * for a double, becomes a string, so that the text and the form stay the same and the decoder
 * refuses it.
 */
export function numberNode(typed: string): JsonNode {
  const token = typed.trim();
  if (!NUMBER.test(token) || !Number.isFinite(Number(token))) return stringNode(typed);
  return readJson(token);
}

const NUMBER_TOKEN = /[-+.0-9eE]+/y;

/** Returns a number as its text has it, with all its digits. */
export function numberToken(node: FloatNode | Extract<JsonNode, { kind: 'integer' }>): string {
  NUMBER_TOKEN.lastIndex = node.start;
  return NUMBER_TOKEN.exec(node.source)?.[0] ?? String(node.value);
}

/**
 * Writes a node as indented JSON; on one line if it is long. Nothing is lost: entries stay in their
 * order, repeated keys stay, and numbers keep their digits.
 */
export function writeDocument(node: JsonNode): string {
  const laidOut = textOf(node, '\n');
  return laidOut.length <= LAID_OUT_MAX_CHARACTERS ? laidOut : textOf(node, '');
}

function textOf(node: JsonNode, newline: string): string {
  const pieces: string[] = [];
  push(pieces, node, newline);
  return pieces.join('');
}

/**
 * @param newline a line feed, and the indentation of the line on which the node begins; '' for no
 * white space.
 */
function push(pieces: string[], node: JsonNode, newline: string): void {
  switch (node.kind) {
    case 'array':
      pushAll(pieces, ['[', ']'], node.value, newline, (item, inner) => push(pieces, item, inner));
      break;
    case 'object':
      pushAll(pieces, ['{', '}'], node.value, newline, ({ key, value }, inner) => {
        pieces.push(quote(key), newline === '' ? ':' : ': ');
        push(pieces, value, inner);
      });
      break;
    case 'string':
      pieces.push(quote(node.value));
      break;
    case 'integer':
    case 'float':
      pieces.push(numberToken(node));
      break;
    case 'null':
    case 'boolean':
      pieces.push(String(node.value));
  }
}

function pushAll<T>(
  pieces: string[],
  [open, close]: readonly [string, string],
  parts: readonly T[],
  newline: string,
  pushPart: (part: T, inner: string) => void,
): void {
  const inner = newline === '' ? '' : `${newline}  `;
  let mark = open;
  for (const part of parts) {
    pieces.push(mark, inner);
    pushPart(part, inner);
    mark = ',';
  }
  pieces.push(parts.length === 0 ? open + close : newline + close);
}
