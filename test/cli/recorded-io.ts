import type { Confinement } from '../../src/cli/prepared/confinement.ts';
import type { Io } from '../../src/cli/program/command.ts';
import { readFolder } from '../../src/cli/program/folders.ts';
import type { LineProgram } from '../../src/conformance/index.ts';
import { contractFile, fixture } from '../support/fixture.ts';

/** An {@link Io} in memory, and what a command printed and wrote. */
export interface RecordedIo extends Io {
  readonly printed: { stdout: string; stderr: string };
  /** The files that the command wrote, by path; under `-`, bytes on standard output. */
  readonly written: Map<string, Uint8Array>;
}

/** What a command finds: files, standard input, streams with or without colour. */
export interface Circumstances {
  /** Files by path. A path that begins with `fixture:` is that of a file under fixtures/. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly stdin?: Uint8Array | string;
  readonly color?: boolean;
  /** Whether standard output is a terminal. */
  readonly isTerminal?: boolean;
  /** Programs that read and write lines, by the command that starts them. */
  readonly programs?: Readonly<Record<string, () => LineProgram>>;
  /** What the command was started to run, if its process is a child that runs a prepared plugin. */
  readonly confinement?: Confinement;
  /** Runs the program again for a prepared plugin. */
  readonly runConfined?: Io['runConfined'];
}

/** Makes an {@link Io} in memory. */
export function recordedIo({
  files = {},
  stdin = '',
  color = false,
  isTerminal = false,
  programs = {},
  confinement,
  runConfined = () => Promise.reject(new Error('no child process here')),
}: Circumstances = {}): RecordedIo {
  const printed = { stdout: '', stderr: '' };
  const written = new Map<string, Uint8Array>();
  return {
    printed,
    written,
    stdout: {
      color,
      isTerminal,
      write: (content) => {
        if (typeof content === 'string') printed.stdout += content;
        else written.set('-', content);
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
      if (file === undefined) throw absent();
      return bytesOf(file);
    },
    facts: async (path) => {
      if (path.startsWith('fixture:') || files[path] !== undefined) return { kind: 'file', state: '' };
      if (namesIn(files, path).size > 0) return { kind: 'directory', state: '' };
      throw absent();
    },
    list: async (path) => [...namesIn(files, path)].map(([name, isDirectory]) => ({ name, isDirectory })),
    realPath: async (path) => path,
    pause: async () => {
      throw new Error('nobody waits here');
    },
    readStdin: async () => bytesOf(stdin),
    writeFile: async (path, bytes) => {
      if (path.endsWith('/')) throw Object.assign(new Error('no file'), { code: 'EISDIR' });
      written.set(path, bytes);
    },
    readContract: async (path) => await contractFile(path),
    release: async () => ({ version: '1.2.3', files: 'https://example.com/v1.2.3/' }),
    now: () => new Date('2030-01-02T03:04:05Z'),
    readTemplate: (folder) => readFolder(new URL(`../../templates/${folder}/`, import.meta.url)),
    makeFolder: async () => undefined,
    createFile: async (path, bytes) => {
      if (written.has(path)) throw Object.assign(new Error('there is a file'), { code: 'EEXIST' });
      written.set(path, bytes);
    },
    startProgram: (command) => {
      const start = programs[command];
      if (start === undefined) throw new Error(`no program ${command}`);
      return start();
    },
    isSameFile: async (path, other) => path === other,
    runConfined,
    ...(confinement && { confinement }),
  };
}

function absent(): Error {
  return Object.assign(new Error('no such file'), { code: 'ENOENT' });
}

/** The names in a directory, and whether each is a directory. */
function namesIn(files: Readonly<Record<string, unknown>>, directory: string): Map<string, boolean> {
  const begin = `${directory.replace(/\/+$/, '')}/`;
  const within = Object.keys(files).filter((path) => path.startsWith(begin));
  return new Map(
    within.map((path) => {
      const [name = '', ...others] = path.slice(begin.length).split('/');
      return [name, others.length > 0];
    }),
  );
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
