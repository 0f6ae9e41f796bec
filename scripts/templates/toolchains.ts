import { rust } from './rust.ts';
import type { Toolchain } from './toolchain.ts';

/** One for each language that has templates. */
export const toolchains: readonly Toolchain[] = [rust];
