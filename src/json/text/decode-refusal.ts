import type { JsonDecodeFailureKind, JsonDecodeFault, JsonType } from './decode-error.ts';
import { keyStep, meantName, misspeltName, shownName } from './names.ts';
import type { ArrayNode, FloatNode, JsonNode, ObjectNode } from './node.ts';
import { oneOf, Refusal, within } from './refusal.ts';

/** A value in a JSON text that the declaration does not allow. */
export class DecodeRefusal extends Refusal<JsonDecodeFailureKind, JsonNode> {
  fault: JsonDecodeFault;
  /** Whether the path has a key of a map. */
  hasKey = false;

  constructor(fault: JsonDecodeFault, place: JsonNode, path: string) {
    super(fault.kind, fault.expected, fault.found, place, path);
    this.fault = fault;
  }
}

/**
 * Adds the key of a map to the beginning of a refusal's path.
 *
 * @returns what was thrown.
 */
export function withinKey(thrown: unknown, key: string): unknown {
  if (thrown instanceof DecodeRefusal) thrown.hasKey = true;
  return within(thrown, keyStep(key));
}

/**
 * Refuses a value of a JSON text.
 *
 * @param step the path from the value to what is at fault, such as a field that is missing.
 */
export function refuseNode(node: JsonNode, fault: JsonDecodeFault, step = ''): never {
  throw new DecodeRefusal(fault, node, step);
}

/** Refuses a value of another JSON type. */
export function refuseNodeType(node: JsonNode, expectedType: JsonType, expected: string, step = ''): never {
  const foundType = typeOf(node);
  refuseNode(node, { kind: 'WrongType', expected, found: describeNode(node), expectedType, foundType }, step);
}

/**
 * Refuses a value of the right JSON type that breaks another rule.
 *
 * @param found what the value is instead.
 */
export function refuseNodeValue(
  node: JsonNode,
  expected: string,
  found: string,
  kind: 'WrongType' | 'IntegerOutOfRange' = 'WrongType',
): never {
  refuseNode(node, { kind, expected, found, foundType: typeOf(node) });
}

/** Refuses what is not an integer between two bounds. */
export function refuseInteger(node: JsonNode, minimum: number | bigint, maximum: number | bigint): never {
  const expected = `an integer from ${minimum} to ${maximum}`;
  const foundType = typeOf(node);
  if (foundType === 'integer') return refuseNodeValue(node, expected, describeNode(node), 'IntegerOutOfRange');
  if (node.kind !== 'float') return refuseNodeType(node, 'integer', expected);
  const { value } = node;
  const isInteger = Number.isInteger(value) && value >= minimum && value <= maximum;
  const meant = Number.isSafeInteger(value) ? { meant: String(value) } : ({ isInexact: true } as const);
  refuseNode(node, {
    kind: 'WrongType',
    expected,
    found: describeFloat(node),
    expectedType: 'integer',
    foundType,
    ...(isInteger && meant),
  });
}

/** Refuses an array with too few or too many elements. */
export function refuseLength(node: ArrayNode, expected: string): never {
  refuseNode(node, { kind: 'WrongLength', expected, found: `an array of ${node.value.length}` });
}

/**
 * Refuses an unknown name.
 *
 * @param given the name, or the number that stands for one.
 */
export function refuseVariant(
  node: JsonNode,
  given: string | number | bigint,
  known: readonly string[],
  step = '',
): never {
  const [shown, meant] =
    typeof given === 'string' ? [shownName(given), meantName(given, known)] : [String(given), undefined];
  const names = { given: shown, known, ...(meant !== undefined && { meant }) };
  refuseNode(node, { kind: 'UnknownVariant', expected: oneOf(known), found: shown, ...names }, step);
}

/**
 * Refuses an object with a field that is not declared.
 *
 * @param value of the field.
 * @param fields the names of the declared fields.
 */
export function refuseUnknownField(object: ObjectNode, value: JsonNode, key: string, fields: readonly string[]): never {
  const present = new Set(object.value.map((entry) => entry.key));
  const meant = meantName(
    key,
    fields.filter((field) => !present.has(field)),
  );
  const field = shownName(key);
  const names = { field, known: fields, ...(meant !== undefined && { meant }) };
  refuseNode(value, { kind: 'UnknownField', expected: oneOf(fields), found: `the field ${field}`, ...names });
}

/**
 * Refuses an object that lacks a field, or an array that stands for one.
 *
 * @param ignored the names of undeclared fields that the object has.
 */
export function refuseMissing(node: JsonNode, field: string, ignored: readonly string[] = [], step = ''): never {
  const misspelt = misspeltName(field, ignored);
  const names = { field, ...(misspelt !== undefined && { misspelt }) };
  refuseNode(node, { kind: 'MissingField', expected: 'the field', found: 'nothing', ...names }, step);
}

/** Refuses a field that an object has already. */
export function refuseRepeated(value: JsonNode, field: string): never {
  const fault = { kind: 'RepeatedField', expected: 'the field once', found: 'the field again', field } as const;
  refuseNode(value, fault, `.${field}`);
}

/** Says of a refusal of null that the field may be left out. Leaves other refusals as they are. */
export function allowMissing(thrown: unknown): void {
  if (!(thrown instanceof DecodeRefusal) || thrown.path !== '') return;
  const { fault } = thrown;
  if (fault.kind === 'WrongType' && fault.foundType === 'null') thrown.fault = { ...fault, mayBeMissing: true };
}

/** Describes a value of a JSON text without the content of strings. */
function describeNode(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return 'an object';
    case 'array':
      return 'an array';
    case 'string':
      return 'a string';
    case 'float':
      return shortToken(node);
    default:
      return String(node.value);
  }
}

const NUMBER_TOKEN = /[-+.0-9eE]+/y;

/** How many characters of a number are shown. */
const TOKEN_MAX = 40;

/** Returns a number as the text has it. */
function tokenOf({ source, start }: FloatNode): string {
  NUMBER_TOKEN.lastIndex = start;
  return NUMBER_TOKEN.exec(source)?.[0] ?? '';
}

function shortToken(node: FloatNode): string {
  const token = tokenOf(node);
  return token.length > TOKEN_MAX ? `${token.slice(0, TOKEN_MAX)}…` : token;
}

/** The type of a value. An integer beyond 64 bits is read as a float, but it is an integer. */
function typeOf(node: JsonNode): JsonType {
  return node.kind === 'float' && /^-?[1-9][0-9]*$/.test(tokenOf(node)) ? 'integer' : node.kind;
}

function describeFloat(node: FloatNode): string {
  const token = tokenOf(node);
  const parts = [token.includes('.') ? 'a fraction' : '', /e/i.test(token) ? 'an exponent' : ''].filter(Boolean);
  const shown = shortToken(node);
  return parts.length === 0 ? shown : `a number with ${parts.join(' and ')} (${shown})`;
}
