import { kernelFunctions } from '../../src/kernel/functions.ts';
import { assemble, ModuleBuilder, type NumberType, type Signature } from '../../src/wasm/index.ts';

/** A function of a guest: names and types of parameters and locals, and plain instructions. */
export interface GuestFunction {
  readonly name: string;
  readonly exported?: boolean;
  readonly params?: readonly (readonly [name: string, type: NumberType])[];
  readonly results?: readonly NumberType[];
  readonly locals?: readonly (readonly [name: string, type: NumberType])[];
  readonly code: string;
}

/** The plugin of a case. */
export interface Guest {
  readonly functions: readonly GuestFunction[];
  /** The imports from `extism:host/user`. */
  readonly hostFunctions?: Readonly<Record<string, Signature>>;
  readonly memoryPages?: number;
  /** Mutable i32 globals. Each starts at 0. */
  readonly globals?: readonly string[];
}

type KernelName = keyof typeof kernelFunctions;

/** Encodes a guest. It imports the kernel functions that its code calls. */
export function guestModule({
  functions,
  hostFunctions = {},
  memoryPages = 0,
  globals = [],
}: Guest): Uint8Array<ArrayBuffer> {
  const writer = new ModuleBuilder();
  const indices = new Map<string, number>();
  const code = functions.map((each) => each.code).join('\n');
  // The cast: the keys of the table are the names.
  for (const name of Object.keys(kernelFunctions) as KernelName[]) {
    if (!new RegExp(`\\$${name}\\b`).test(code)) continue;
    const { params, results } = kernelFunctions[name];
    const signature = { params: params.map(({ type }) => type), results };
    indices.set(name, writer.importFunction('extism:host/env', name, signature));
  }
  for (const [name, signature] of Object.entries(hostFunctions)) {
    indices.set(name, writer.importFunction('extism:host/user', name, signature));
  }
  if (memoryPages > 0) writer.memory(memoryPages);
  const globalIndices = new Map(globals.map((name) => [name, writer.global('i32', true, 0n)]));
  functions.forEach(({ name }, at) => {
    indices.set(name, writer.nextFunction + at);
  });
  for (const { name, exported = false, params = [], results = [], locals = [], code: text } of functions) {
    const names = [...params, ...locals].map(([local], at): [string, number] => [local, at]);
    const scope = { locals: new Map(names), globals: globalIndices, functions: indices, memory: 0 };
    const signature = { params: params.map(([, type]) => type), results };
    const index = writer.function(
      signature,
      locals.map(([, type]) => type),
      assemble(text, scope),
    );
    if (exported) writer.export(name, 'function', index);
  }
  return writer.bytes();
}

const utf8 = new TextEncoder();

/** Instructions that store bytes in a new block, and its handle in a local. */
export function storeBytes(local: string, bytes: Uint8Array): string {
  const words = Array.from({ length: bytes.length >> 3 }, (_, at) => {
    const word = new DataView(bytes.buffer, bytes.byteOffset + at * 8, 8).getBigInt64(0, true);
    return `local.get $${local} i64.const ${at * 8} i64.add i64.const ${word} call $store_u64`;
  });
  const rest = Array.from(bytes.subarray(bytes.length & ~7), (byte, at) => {
    const index = (bytes.length & ~7) + at;
    return `local.get $${local} i64.const ${index} i64.add i32.const ${byte} call $store_u8`;
  });
  return [`i64.const ${bytes.length} call $alloc local.set $${local}`, ...words, ...rest].join('\n');
}

/**
 * The function `finish` of a guest: sets the bytes of its memory from 0 to the global `at` as its
 * output.
 *
 * @param unit how the bytes are copied: one by one, or eight at a time if `at` is a multiple of 8.
 */
export function writeOutput(unit: 'u8' | 'u64'): GuestFunction {
  const [load, store, step] = unit === 'u8' ? ['i32.load8_u', 'store_u8', 1] : ['i64.load', 'store_u64', 8];
  return {
    name: 'finish',
    locals: [
      ['h', 'i64'],
      ['i', 'i32'],
    ],
    code: `global.get $at i64.extend_i32_u call $alloc local.set $h
      block $done
        loop $next
          local.get $i global.get $at i32.ge_u br_if $done
          local.get $h local.get $i i64.extend_i32_u i64.add local.get $i ${load} call $${store}
          local.get $i i32.const ${step} i32.add local.set $i
          br $next
        end
      end
      local.get $h global.get $at i64.extend_i32_u call $output_set`,
  };
}

/** What an export does: it sets an output or an error, then returns, traps or loops. */
export interface Script {
  readonly output?: string;
  /** Instead of `output`: this number of zero bytes. */
  readonly zeros?: number;
  /** Instead of `output`: these bytes, in hexadecimal digits. */
  readonly bytes?: string;
  readonly error?: string;
  readonly code?: number;
  readonly end?: 'trap' | 'loop';
}

/** An export without parameters that follows a script. */
export function scripted(name: string, { output, zeros, bytes, error, code = 0, end }: Script): GuestFunction {
  const out = bytes !== undefined ? fromHex(bytes) : output !== undefined ? utf8.encode(output) : undefined;
  const parts = [
    out === undefined ? '' : `${storeBytes('h', out)} local.get $h i64.const ${out.length} call $output_set`,
    zeros === undefined
      ? ''
      : `i64.const ${zeros} call $alloc local.set $h local.get $h i64.const ${zeros} call $output_set`,
    error === undefined ? '' : `${storeBytes('h', utf8.encode(error))} local.get $h call $error_set`,
    end === 'trap' ? 'unreachable' : end === 'loop' ? 'loop $again br $again end' : '',
    `i32.const ${code}`,
  ];
  return { name, exported: true, results: ['i32'], locals: [['h', 'i64']], code: parts.join('\n') };
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
