import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../../src/failure.ts';
import { outputOf, printedBy } from '../fixtures/program.ts';
import { channelIn, WASM_TARGET } from '../fixtures/rustup.ts';
import type { Toolchain } from './toolchain.ts';

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** The installer that is used where there is no rustup, and its SHA-256 for each machine. */
const RUSTUP = 'https://static.rust-lang.org/rustup/archive/1.29.0';
const INSTALLERS: Readonly<Record<string, { readonly host: string; readonly sha256: string } | undefined>> = {
  'linux-x64': {
    host: 'x86_64-unknown-linux-gnu',
    sha256: '4acc9acc76d5079515b46346a485974457b5a79893cfb01112423c89aeb5aa10',
  },
  'linux-arm64': {
    host: 'aarch64-unknown-linux-gnu',
    sha256: '9732d6c5e2a098d3521fca8145d826ae0aaa067ef2385ead08e6feac88fa5792',
  },
};

/** Where rustup is installed if this machine lacks it. */
const ownHome = join(cache, 'rust');
const ownBin = join(ownHome, 'cargo/bin');

/**
 * Rust by rustup, which is installed into `node_modules/.cache` where it is missing. All kinds
 * share what cargo compiles; each has its module in its own folder, as for an author.
 */
export const rust: Toolchain = {
  language: 'rust',
  async prepare() {
    if (printedBy('cc', '--version') === undefined)
      return { missing: 'there is no C compiler cc, with which Rust links what runs on this machine' };
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      CARGO_BUILD_BUILD_DIR: process.env.CARGO_BUILD_BUILD_DIR ?? join(cache, 'templates-rust'),
      CARGO_TARGET_DIR: undefined,
      CARGO_ENCODED_RUSTFLAGS: undefined,
      RUSTFLAGS: undefined,
    };
    if (printedBy('rustup', '--version') === undefined) {
      env.RUSTUP_HOME = join(ownHome, 'rustup');
      env.CARGO_HOME = join(ownHome, 'cargo');
      env.PATH = `${ownBin}${delimiter}${process.env.PATH}`;
      const fault = existsSync(join(ownBin, 'rustup')) ? undefined : await installRustup(env);
      if (fault !== undefined) return { missing: `there is no rustup, and it could not be installed: ${fault}` };
    }
    const channel = channelIn(new URL('../../templates/rust/common/rust-toolchain.toml', import.meta.url));
    if (hasTarget(channel, env)) return { env };
    console.log(`Installing Rust ${channel} (rustup)`);
    outputOf('rustup', ['toolchain', 'install', channel, '--profile', 'minimal', '--target', WASM_TARGET], env);
    return hasTarget(channel, env) ? { env } : { missing: `rustup could not install Rust ${channel}` };
  },
};

/** @returns what prevented it; `undefined` if rustup is installed. */
async function installRustup(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const installer = INSTALLERS[`${process.platform}-${process.arch}`];
  if (installer === undefined) return `no installer for ${process.platform} on ${process.arch} is named here`;
  console.log(`Installing rustup (${RUSTUP})`);
  let bytes: Uint8Array;
  try {
    const response = await fetch(`${RUSTUP}/${installer.host}/rustup-init`);
    if (!response.ok) return `status ${response.status}`;
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    return reasonOf(error);
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== installer.sha256) throw new Error(`rustup-init has the SHA-256 ${found}, not ${installer.sha256}`);
  mkdirSync(ownHome, { recursive: true });
  const program = join(ownHome, 'rustup-init');
  writeFileSync(program, bytes, { mode: 0o755 });
  const args = ['-y', '--no-modify-path', '--profile', 'minimal', '--default-toolchain', 'none'];
  return outputOf(program, args, env) === undefined ? 'rustup-init failed' : undefined;
}

/** Whether rustup has a Rust with the library for the target. */
function hasTarget(channel: string, env: NodeJS.ProcessEnv): boolean {
  const args = ['run', channel, 'rustc', '--print', 'target-libdir', '--target', WASM_TARGET];
  const library = outputOf('rustup', args, env);
  return library !== undefined && existsSync(library);
}
