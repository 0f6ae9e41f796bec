import process from 'node:process';
import { printedBy } from '../fixtures/program.ts';
import type { Toolchain } from './toolchain.ts';

/** C with clang and lld: `apt-get install clang lld`. */
export const c: Toolchain = {
  language: 'c',
  async prepare() {
    if (printedBy('clang', '--version') === undefined) return { missing: 'there is no clang' };
    if (printedBy('wasm-ld', '--version') === undefined)
      return { missing: 'there is no wasm-ld, which comes with lld' };
    return { env: process.env };
  },
};
