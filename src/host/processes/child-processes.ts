import type { ChildProcess } from 'node:child_process';

/** What the processes of a host are started with. */
export interface ProcessSettings {
  /** The URL of the script; by default the one beside this module. */
  readonly script: URL | undefined;
  /** The variables of its environment, besides those that each process inherits. */
  readonly env: Readonly<Record<string, string>>;
  /** The arguments of the runtime; by default those of this process. */
  readonly execArgv: readonly string[] | undefined;
}

/** Starts a process, or throws why it cannot. */
export type StartProcess = () => ChildProcess;

/**
 * What each process inherits: where Deno keeps modules, where the runtime's own libraries are, and
 * what Windows needs for sockets. Other variables are left out: they hold secrets of the host.
 */
const INHERITED = ['DENO_DIR', 'LD_LIBRARY_PATH', 'SystemRoot'];

/**
 * Returns what starts processes on this runtime. Node's module of processes is not imported, so
 * that this package loads in browsers.
 *
 * @throws Error where there are no processes.
 */
export function processesHere({ script, env, execArgv }: ProcessSettings): StartProcess {
  const { process } = globalThis;
  // Both are missing somewhere, whatever the types say.
  const processes = process?.getBuiltinModule?.('node:child_process');
  if (processes === undefined) throw new Error('there are no processes here: Node has them from 20.16, Deno and Bun');
  const url = script ?? new URL('./process.ts', import.meta.url);
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return () =>
    processes.fork(url, [String(process.pid)], {
      serialization: 'advanced',
      // What an engine prints when it ends the process goes where the host's own errors go.
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...Object.fromEntries(inherited), ...env },
      ...(execArgv !== undefined && { execArgv: [...execArgv] }),
    });
}

/** What channels have on Node and Deno, but not on Bun. */
interface RefCounted {
  ref?(): void;
  unref?(): void;
}

/** Decides whether this process waits for a child before it ends by itself. */
export function keepProcess(child: ChildProcess, keep: boolean): void {
  const channel: RefCounted | null | undefined = child.channel;
  if (keep) {
    child.ref();
    channel?.ref?.();
  } else {
    child.unref();
    channel?.unref?.();
  }
}
