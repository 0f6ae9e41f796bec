import { type HookName, hooks } from '../../src/hooks/hook.ts';
import { header, longSection, moduleOf, name as nameBytes } from '../support/bytes.ts';
import { wat } from '../support/wat.ts';

const encoder = new TextEncoder();

/** A custom section. */
export function custom(name: string, payload: Uint8Array | string): number[] {
  const bytes = typeof payload === 'string' ? encoder.encode(payload) : payload;
  return longSection(0, [...nameBytes(name), ...bytes]);
}

/** The parts of a plugin that a test does not write itself. */
const parts: Readonly<Record<string, string>> = {
  memory: '(memory (export "memory") 1)',
  cc_lb_alloc: '(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)',
  cc_lb_free: '(func (export "cc_lb_free") (param i32 i32 i32))',
};

/**
 * Makes a plugin. What the text does not export of memory, allocator and `cc_lb_free` is added: one
 * page, and an allocator that always returns 1024.
 *
 * @param declared the mode of each declared hook.
 * @param text the fields of the module in the text format.
 */
export async function hookModule(
  declared: { readonly [N in HookName]?: 'active' | 'noop' },
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const missing = Object.keys(parts).filter((name) => !text.includes(`"${name}"`));
  const code = await wat(`(module ${missing.map((name) => parts[name]).join('\n')} ${text})`);
  const entries = Object.entries(declared).map(([name, mode]) => [
    name,
    { wire_version: 1, description: 'd', usage: 'u', mode },
  ]);
  const metadata = { name: 'n', version: 'v', description: 'd', usage: 'u', hooks: Object.fromEntries(entries) };
  return moduleOf(
    [...code.slice(header.length)],
    ...hooks.map(({ schemaSection, fingerprint }) => custom(schemaSection, fingerprint())),
    custom('cc_lb.plugin.v1', JSON.stringify(metadata)),
  );
}

/** A data segment in the text format. */
export function dataAt(address: number, bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  return `(data (i32.const ${address}) "${text}")`;
}

/** A hook whose answer is always the bytes at an address. */
export function answering(hook: HookName, address: number, size: number, before = ''): string {
  return `(func (export "cc_lb_${hook}") (param i32 i32) (result i64) ${before} i64.const ${packed(address, size)})`;
}

/** An address and a size as a hook returns them. */
export function packed(address: number, size: number): bigint {
  return BigInt.asIntN(64, (BigInt(address) << 32n) | BigInt(size));
}
