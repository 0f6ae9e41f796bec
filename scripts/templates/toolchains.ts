import { assemblyscript } from './assemblyscript.ts';
import { c } from './c.ts';
import { rust } from './rust.ts';
import type { Toolchain } from './toolchain.ts';
import { zig } from './zig.ts';

/** One for each language that has templates. */
export const toolchains: readonly Toolchain[] = [rust, assemblyscript, c, zig];
