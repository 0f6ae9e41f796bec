// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
import { checksum, random, seed } from './random.ts';

const BYTES: usize = 3 << 18;
const TEXT: usize = 4 << 18;
const TURNS = 12;
const input = memory.data(BYTES);
const encoded = memory.data(TEXT + 4);
const decoded = memory.data(BYTES + 4);
const alphabet = memory.data(64);
const positions = memory.data(256);
let filled = false;

function fill(): void {
  seed(23);
  for (let i: usize = 0; i < BYTES; i += 4) store<u32>(input + i, random());
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  for (let i = 0; i < 64; i++) {
    store<u8>(alphabet + i, letters.charCodeAt(i));
    store<u8>(positions + letters.charCodeAt(i), i);
  }
  filled = true;
}

function encode(): void {
  let to = encoded;
  for (let from = input; from < input + BYTES; from += 3) {
    const bits = ((<u32>load<u8>(from)) << 16) | ((<u32>load<u8>(from, 1)) << 8) | load<u8>(from, 2);
    store<u8>(to, load<u8>(alphabet + (bits >> 18)));
    store<u8>(to, load<u8>(alphabet + ((bits >> 12) & 63)), 1);
    store<u8>(to, load<u8>(alphabet + ((bits >> 6) & 63)), 2);
    store<u8>(to, load<u8>(alphabet + (bits & 63)), 3);
    to += 4;
  }
}

function position(at: usize): u32 {
  return load<u8>(positions + load<u8>(at));
}

function decode(): void {
  let to = decoded;
  for (let from = encoded; from < encoded + TEXT; from += 4) {
    const bits = (position(from) << 18) | (position(from + 1) << 12) | (position(from + 2) << 6) | position(from + 3);
    store<u8>(to, bits >> 16);
    store<u8>(to, bits >> 8, 1);
    store<u8>(to, bits, 2);
    to += 3;
  }
}

/** To base64 and back. */
export function run(): i32 {
  if (!filled) fill();
  for (let turn = 0; turn < TURNS; turn++) {
    encode();
    decode();
  }
  return checksum(decoded, BYTES) ^ checksum(encoded, TEXT);
}
