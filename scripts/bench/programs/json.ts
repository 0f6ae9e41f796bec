// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { random, seed } from './random.ts';

const RECORDS = 9000;
const TURNS = 5;
const text = memory.data(2000000);
let end: usize = 0;
let at: usize = 0;
let values: i32 = 0;
let sum: u32 = 0;

function put(byte: u32): void {
  store<u8>(end++, byte);
}

function putText(value: string): void {
  for (let i = 0; i < value.length; i++) put(value.charCodeAt(i));
}

function putNumber(value: u32): void {
  if (value > 9) putNumber(value / 10);
  put(48 + (value % 10));
}

/** Records with numbers, strings with escapes, lists and literals. */
function write(): void {
  seed(19);
  end = text;
  put(91);
  for (let i = 0; i < RECORDS; i++) {
    if (i > 0) put(44);
    putText('{"id": ');
    putNumber(random() >> 4);
    putText(', "name": "');
    for (let length = (random() & 31) + 8; length > 0; length--) put(97 + (random() % 26));
    putText('\\n\\"quoted\\"", "active": ');
    putText((random() & 1) === 0 ? 'true' : 'false');
    putText(', "tags": ["first", "second", null], "size": [');
    putNumber(random() & 1023);
    putText(', -');
    putNumber(random() & 1023);
    putText('.');
    putNumber(random() & 1023);
    putText('e-3]}');
  }
  put(93);
}

function space(): void {
  let byte = load<u8>(at);
  while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = load<u8>(++at);
}

function expect(byte: u32): void {
  if (load<u8>(at++) !== byte) unreachable();
}

function literal(length: usize): void {
  at += length;
  sum += 3;
}

function readString(): void {
  expect(34);
  let hash: u32 = 0;
  for (;;) {
    let byte: u32 = load<u8>(at++);
    if (byte === 34) break;
    if (byte < 32) unreachable();
    if (byte === 92) {
      byte = load<u8>(at++);
      if (byte === 110) byte = 10;
      else if (byte !== 34 && byte !== 92 && byte !== 47) unreachable();
    }
    hash = hash * 31 + byte;
  }
  sum ^= hash;
}

function isDigit(): bool {
  return <u32>load<u8>(at) - 48 < 10;
}

function digits(): f64 {
  let value: f64 = 0;
  if (!isDigit()) unreachable();
  for (; isDigit(); at++) value = value * 10 + (load<u8>(at) - 48);
  return value;
}

function readNumber(): void {
  const negative = load<u8>(at) === 45;
  if (negative) at++;
  let value = digits();
  if (load<u8>(at) === 46) {
    at++;
    const start = at;
    const fraction = digits();
    let scale: f64 = 1;
    for (let i = start; i < at; i++) scale *= 10;
    value += fraction / scale;
  }
  if ((load<u8>(at) | 32) === 101) {
    at++;
    const down = load<u8>(at) === 45;
    if (down) at++;
    for (let exponent = digits(); exponent > 0; exponent--) value = down ? value / 10 : value * 10;
  }
  sum += <u32>(<i32>(negative ? -value : value));
}

function readList(): void {
  expect(91);
  space();
  if (load<u8>(at) !== 93) {
    for (;;) {
      readValue();
      if (load<u8>(at) !== 44) break;
      at++;
    }
  }
  expect(93);
}

function readObject(): void {
  expect(123);
  space();
  if (load<u8>(at) !== 125) {
    for (;;) {
      space();
      readString();
      space();
      expect(58);
      readValue();
      if (load<u8>(at) !== 44) break;
      at++;
    }
  }
  expect(125);
}

function readValue(): void {
  space();
  values++;
  switch (load<u8>(at)) {
    case 123:
      readObject();
      break;
    case 91:
      readList();
      break;
    case 34:
      readString();
      break;
    case 116:
    case 110:
      literal(4);
      break;
    case 102:
      literal(5);
      break;
    default:
      readNumber();
  }
  space();
}

/** A recursive parser, as one writes it: a byte at a time, a branch at each. */
export function run(): i32 {
  if (end === 0) write();
  values = 0;
  sum = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    at = text;
    readValue();
    if (at !== end) unreachable();
  }
  return sum ^ values;
}
