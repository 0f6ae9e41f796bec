import { codeOnly, type Kind } from '../kind.ts';
import type { ModuleDraft } from '../module-draft.ts';
import { EMPTY, I32, I64 } from '../value-types.ts';

const utf8 = new TextEncoder();

/** Bytes that a word of kernel memory holds. */
const WORD = 8;

/** A text as whole words, filled up with spaces. */
function words(text: string): readonly bigint[] {
  const bytes = utf8.encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD).fill(0x20);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  return Array.from({ length: padded.length / WORD }, (_, index) => view.getBigInt64(index * WORD, true));
}

/** A signed LEB128 integer of 64 bits. */
function s64(value: bigint): readonly number[] {
  const byte = Number(value & 0x7fn);
  const rest = value >> 7n;
  const done = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
  return done ? [byte] : [byte | 0x80, ...s64(rest)];
}

/**
 * A text of a block: what stands at its beginning, what is repeated, and what stands at its end.
 */
interface LongText {
  readonly prefix: string;
  readonly units: readonly string[];
  readonly suffix: string;
}

/**
 * A function that makes a block of kernel memory with a text of about as many bytes, and gives its
 * handle.
 */
function blockOf(draft: ModuleDraft, { prefix, units, suffix }: LongText, size: number): number {
  const parts = units.map(words);
  const bytesPerTurn = parts.reduce((sum, part) => sum + part.length * WORD, 0) / parts.length;
  const turns = Math.max(1, Math.floor(size / bytesPerTurn / parts.length));
  const own = words(prefix).length + words(suffix).length + parts.reduce((sum, part) => sum + part.length * turns, 0);
  const [alloc, store] = [draft.kernel('alloc'), draft.kernel('store_u64')];
  return draft.function(
    draft.type([], [I64]),
    [{ locals: [{ count: 3, type: I64 }], write: () => undefined }],
    (code) => {
      const put = (word: bigint): void => {
        code.bytes([0x20, 1, 0x42, ...s64(word), 0x10]);
        code.u32(store);
        code.bytes([0x20, 1, 0x42, WORD, 0x7c, 0x21, 1]);
      };
      code.bytes([0x42, ...s64(BigInt(own * WORD)), 0x10]);
      code.u32(alloc);
      // If no memory was left, the block is missing: write nothing.
      code.bytes([0x22, 0, 0x22, 1, 0x50, 0x04, EMPTY, 0x42, 0, 0x0f, 0x0b]);
      for (const word of words(prefix)) put(word);
      for (const part of parts) {
        code.bytes([0x42, ...s64(BigInt(turns)), 0x21, 2, 0x03, EMPTY]);
        for (const word of part) put(word);
        code.bytes([0x20, 2, 0x42, 1, 0x7d, 0x22, 2, 0x42, 0, 0x52, 0x0d, 0, 0x0b]);
      }
      for (const word of words(suffix)) put(word);
      code.bytes([0x20, 0]);
    },
  );
}

const url = (prefix: string, ...units: string[]): LongText => ({
  prefix: `{"url":"http://${prefix}`,
  units,
  suffix: `/"}`,
});

/** What is dear to read as a URL. Each unit is a whole number of words. */
const urls: Readonly<Record<string, LongText>> = {
  marks: url('a', '\u0301'.repeat(4), '\u0327'.repeat(4)),
  'mixed-marks': url('a', '\u0301\u0327'.repeat(2)),
  labels: url('a', 'a.a.a.a.'),
  escapes: url('a', '%41%42ab'),
  punycode: url('xn--', 'a-b-c-d-'),
  segments: url('a/', 'a/../../'),
  user: url('', 'a@a@a@a@'),
  hangul: url('a', '각'.repeat(8)),
  wide: url('a', 'ﷺ'.repeat(8)),
};

const httpRequest: Kind = {
  name: 'http-request',
  about: 'http_request reads a URL: 40,000 combining marks take 0.7 to 3.7 s',
  limit: undefined,
  max: 1_500_000,
  min: 64,
  variants: Object.keys(urls),
  imports: ['alloc', 'store_u64', 'http_request'],
  add: (draft, size, variant) => {
    const text = urls[variant];
    if (text === undefined) throw new Error(`there is no URL ${variant}`);
    const make = blockOf(draft, text, size);
    const request = draft.kernel('http_request');
    return codeOnly((code) => {
      code.byte(0x10);
      code.u32(make);
      code.bytes([0x42, 0, 0x10]);
      code.u32(request);
      code.byte(0x1a);
    });
  },
};

const logs: Kind = {
  name: 'logs',
  about: 'log functions are of flat cost, and read a text',
  limit: undefined,
  max: 1_500_000,
  min: 64,
  variants: ['ascii', 'utf8', 'escapes'],
  imports: ['alloc', 'store_u64', 'log_info'],
  add: (draft, size, variant) => {
    const unit = { utf8: 'äöüß', escapes: '\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007' }[variant] ?? 'abcdefgh';
    const make = blockOf(draft, { prefix: '', units: [unit], suffix: '' }, size);
    const log = draft.kernel('log_info');
    return codeOnly((code) => {
      code.byte(0x10);
      code.u32(make);
      code.byte(0x10);
      code.u32(log);
    });
  },
};

/** How often a variable is read: an instance reads what it can within its fuel. */
const READS = 2_000;

const variables: Kind = {
  name: 'variables',
  about: 'functions of variables are of flat cost, and copy what is stored',
  limit: undefined,
  max: 300_000,
  min: 64,
  variants: ['get', 'set', 'alloc'],
  imports: ['alloc', 'free', 'store_u64', 'var_set', 'var_get'],
  add: (draft, size, variant) => {
    const value = blockOf(draft, { prefix: '', units: ['abcdefgh'], suffix: '' }, size);
    const key = blockOf(draft, { prefix: '', units: ['k'], suffix: '' }, 8);
    const kernel = (name: 'alloc' | 'free' | 'var_set' | 'var_get'): number => draft.kernel(name);
    return {
      locals: [{ count: 1, type: I32 }],
      write: (code, base) => {
        const call = (index: number): void => {
          code.byte(0x10);
          code.u32(index);
        };
        call(key);
        call(value);
        call(kernel('var_set'));
        code.bytes([0x03, EMPTY]);
        if (variant === 'alloc') {
          code.bytes([0x42, ...s64(BigInt(size))]);
          call(kernel('alloc'));
          call(kernel('free'));
        } else if (variant === 'get') {
          call(key);
          call(kernel('var_get'));
          call(kernel('free'));
        } else {
          call(key);
          call(value);
          call(kernel('var_set'));
        }
        code.byte(0x20);
        code.u32(base);
        code.bytes([0x41, 1, 0x6a, 0x22]);
        code.u32(base);
        code.byte(0x41);
        code.s32(READS);
        code.bytes([0x48, 0x0d, 0, 0x0b]);
      },
    };
  },
};

/** The name of the wire function whose answer hostile modules give: it takes any JSON. */
export const ANSWERING = 'build_signer';

const answerOf = (...units: string[]): LongText => ({
  prefix: '{"_v":1,"signer_state":[',
  units,
  suffix: '0]}',
});

const answers: Readonly<Record<string, LongText>> = {
  arrays: answerOf(`${'['.repeat(120)}${']'.repeat(120)},`),
  objects: answerOf(`${'{"a":'.repeat(100)}0${'}'.repeat(100)},`),
  flat: answerOf('0,0,0,0,'),
  numbers: answerOf('1.7976931348623157e308,', '123456789012345678901234567890,'),
  escapes: answerOf(`"${'\\u0041'.repeat(100)}",`),
  empty: answerOf('[],{},[],{},'),
  keys: answerOf('{"abcdefgh":0,"ijklmnop":0,"qrstuvwx":0},'),
};

const answer: Kind = {
  name: 'answers',
  about: 'the answer is read outside of any budget: 2 MiB of nested arrays take 2 s',
  limit: undefined,
  max: 1_900_000,
  min: 64,
  variants: Object.keys(answers),
  imports: ['alloc', 'store_u64', 'output_set'],
  add: (draft, size, variant) => {
    const text = answers[variant];
    if (text === undefined) throw new Error(`there is no answer ${variant}`);
    draft.once(ANSWERING, () => {
      const make = blockOf(draft, text, size);
      const index = draft.function(
        draft.type([], [I32]),
        [{ locals: [{ count: 1, type: I64 }], write: () => undefined }],
        (code) => {
          code.byte(0x10);
          code.u32(make);
          code.bytes([0x21, 0, 0x20, 0, 0x42]);
          const parts = text.units.map((unit) => words(unit).length * WORD);
          const perTurn = parts.reduce((sum, part) => sum + part, 0);
          const turns = Math.max(1, Math.floor(size / (perTurn / parts.length) / parts.length));
          const whole = (words(text.prefix).length + words(text.suffix).length) * WORD + perTurn * turns;
          code.bytes(s64(BigInt(whole)));
          code.byte(0x10);
          code.u32(draft.kernel('output_set'));
          code.bytes([0x41, 0]);
        },
      );
      draft.export(ANSWERING, 0, index);
      return index;
    });
    return undefined;
  },
};

/** Kinds of what the host does for a plugin. */
export const kernelKinds: readonly Kind[] = [httpRequest, logs, variables, answer];
