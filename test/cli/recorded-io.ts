import type { Io } from '../../src/cli/program/command.ts';
import { fixture } from '../support/fixture.ts';

/** What a command printed. */
export interface RecordedIo extends Io {
  readonly printed: { stdout: string; stderr: string };
  /** The files that the command wrote. */
  readonly written: Map<string, Uint8Array>;
}

/** What a command is to find, and how its streams look. */
export interface Circumstances {
  /** Files by their path; `fixture:` in front of a path is a file under fixtures/. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly stdin?: Uint8Array | string;
  readonly color?: boolean;
}

/** The world of a command, in memory. */
export function recordedIo({ files = {}, stdin = '', color = false }: Circumstances = {}): RecordedIo {
  const printed = { stdout: '', stderr: '' };
  const written = new Map<string, Uint8Array>();
  return {
    printed,
    written,
    stdout: {
      color,
      write: (text) => {
        printed.stdout += text;
      },
    },
    stderr: {
      color,
      write: (text) => {
        printed.stderr += text;
      },
    },
    readFile: async (path) => {
      if (path.startsWith('fixture:')) return await fixture(path.slice('fixture:'.length));
      const file = files[path];
      if (file === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return bytesOf(file);
    },
    readStdin: async () => bytesOf(stdin),
    writeFile: async (path, bytes) => {
      if (path.endsWith('/')) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
      written.set(path, bytes);
    },
    isSameFile: async (path, other) => path === other,
  };
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
