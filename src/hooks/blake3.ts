/*
 * BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs), unkeyed, with 32 bytes of output. The names
 * are those of the specification. It hashes texts of some hundred bytes, so it is short and not
 * fast.
 */

/** The bytes of a block and of a chunk. */
const BLOCK_LEN = 64;
const CHUNK_LEN = 1024;
const ROUNDS = 7;
const FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8 } as const;

const IV: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** Which word of the message takes each place in the next round. */
const MSG_PERMUTATION: readonly number[] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

/** The words of the state that each step of a round mixes: the columns, then the diagonals. */
const QUARTERS: readonly (readonly [a: number, b: number, c: number, d: number])[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

type Words = readonly number[] | Uint32Array;

/**
 * Hashes bytes with BLAKE3.
 *
 * @returns 32 bytes.
 */
export function blake3(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  for (const [index, word] of treeValue(bytes, 0, FLAG.root).entries()) view.setUint32(index * 4, word, true);
  return digest;
}

/**
 * Returns the chaining value of a subtree.
 *
 * @param chunk the index of its first chunk.
 * @param root the flag of the root; 0 for all other nodes.
 */
function treeValue(bytes: Uint8Array, chunk: number, root: number): Uint32Array {
  if (bytes.length <= CHUNK_LEN) return chunkValue(bytes, chunk, root);
  // The left subtree is complete: as many chunks as the greatest power of two that leaves some for
  // the right one.
  let left = CHUNK_LEN;
  while (left * 2 < bytes.length) left *= 2;
  const children = [
    ...treeValue(bytes.subarray(0, left), chunk, 0),
    ...treeValue(bytes.subarray(left), chunk + left / CHUNK_LEN, 0),
  ];
  return compress(IV, children, 0, BLOCK_LEN, FLAG.parent | root);
}

function chunkValue(bytes: Uint8Array, chunk: number, root: number): Uint32Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK_LEN));
  let value: Words = IV;
  for (let index = 0; index < blocks - 1; index++) {
    const start = index === 0 ? FLAG.chunkStart : 0;
    value = compress(value, blockWords(bytes, index), chunk, BLOCK_LEN, start);
  }
  const start = blocks === 1 ? FLAG.chunkStart : 0;
  const length = bytes.length - (blocks - 1) * BLOCK_LEN;
  return compress(value, blockWords(bytes, blocks - 1), chunk, length, start | FLAG.chunkEnd | root);
}

/** Returns the words of a block; what the bytes do not fill is zero. */
function blockWords(bytes: Uint8Array, index: number): Uint32Array {
  const block = new Uint8Array(BLOCK_LEN);
  block.set(bytes.subarray(index * BLOCK_LEN, (index + 1) * BLOCK_LEN));
  const view = new DataView(block.buffer);
  return Uint32Array.from({ length: 16 }, (_, word) => view.getUint32(word * 4, true));
}

/**
 * The compression function.
 *
 * @param chunk the counter `t`. Its upper half is 0: no array has 2^32 chunks.
 * @returns the first half of the output.
 */
function compress(value: Words, block: Words, chunk: number, length: number, flags: number): Uint32Array {
  const state = Uint32Array.from([...value, ...IV.slice(0, 4), chunk, 0, length, flags]);
  let message = block;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [step, quarter] of QUARTERS.entries())
      mix(state, quarter, at(message, 2 * step), at(message, 2 * step + 1));
    const previous = message;
    message = MSG_PERMUTATION.map((index) => at(previous, index));
  }
  return state.slice(0, 8).map((word, index) => word ^ at(state, index + 8));
}

/** The function `G`. */
function mix(state: Uint32Array, [a, b, c, d]: readonly [number, number, number, number], x: number, y: number): void {
  state[a] = at(state, a) + at(state, b) + x;
  state[d] = rotate(at(state, d) ^ at(state, a), 16);
  state[c] = at(state, c) + at(state, d);
  state[b] = rotate(at(state, b) ^ at(state, c), 12);
  state[a] = at(state, a) + at(state, b) + y;
  state[d] = rotate(at(state, d) ^ at(state, a), 8);
  state[c] = at(state, c) + at(state, d);
  state[b] = rotate(at(state, b) ^ at(state, c), 7);
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function at(words: Words, index: number): number {
  return words[index] ?? 0;
}
