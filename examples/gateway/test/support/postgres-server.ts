import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { pause } from './stores.ts';

/** Where distributions put the programs of the server, which are often not on the path. */
const folders = [
  ...(process.env.PATH ?? '').split(':'),
  ...versionsIn('/usr/lib/postgresql'),
  ...versionsIn('/opt/homebrew/opt'),
];

function versionsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin')) : [];
}

/**
 * A server with a new folder of its own, on loopback and a free port. It ends with this process,
 * which it does not keep alive.
 */
export interface PostgresServer {
  /** Makes a database, and returns its address. */
  newDatabase(): Promise<string>;
  /** Stops it without a shutdown, as a crash does, or with one; and starts it again. */
  restart(way: 'crash' | 'shutdown', awayMs: number): Promise<void>;
  /** Lets it answer nothing, without closing a connection, until {@link resume}. */
  pause(): void;
  resume(): void;
}

const signals = { crash: 'SIGQUIT', shutdown: 'SIGINT' } as const;

/** @returns a promise of a server; `undefined` if this machine has no PostgreSQL. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const bin = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (bin === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'cc-lb-postgres-'));
  const asOther = otherUser(home);
  const [command = '', ...args] = [...asOther, join(bin, 'initdb'), '-D', join(home, 'data'), '-U', 'gateway'];
  execFileSync(command, [...args, '--auth=trust', '--no-sync', '-E', 'UTF8'], { cwd: home, stdio: 'ignore' });
  const port = await freePort();
  const admin = `postgres://gateway@127.0.0.1:${port}/postgres`;
  const start = (): ChildProcess => startServer(asOther, join(bin, 'postgres'), home, port);
  let server = start();
  const stop = [...asOther, join(bin, 'pg_ctl'), '-D', join(home, 'data'), '-m', 'immediate', 'stop'];
  // Also if the tests end in an exception. With setpriv a SIGKILL of this process ends it too.
  process.on('exit', () => {
    signalAll(server, 'SIGCONT');
    spawnSync(stop[0] ?? '', stop.slice(1), { cwd: home, stdio: 'ignore', timeout: 10_000 });
    signalAll(server, 'SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });
  await untilReady(admin);
  let databases = 0;
  return {
    newDatabase: async () => {
      const name = `gateway_${++databases}`;
      const sql = postgres(admin, { max: 1, onnotice: () => undefined });
      await sql.unsafe(`CREATE DATABASE ${name}`);
      await sql.end();
      return `postgres://gateway@127.0.0.1:${port}/${name}`;
    },
    restart: async (way, awayMs) => {
      server.kill(signals[way]);
      // The server removes it as the last thing. Its end itself is not reported on every runtime.
      while (existsSync(join(home, 'data', 'postmaster.pid'))) await pause(10);
      await pause(awayMs);
      server = start();
      await untilReady(admin);
    },
    pause: () => signalAll(server, 'SIGSTOP'),
    resume: () => signalAll(server, 'SIGCONT'),
  };
}

/** PostgreSQL refuses to run as root: what runs a program as the user postgres then. */
function otherUser(home: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const idOf = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
  chownSync(home, idOf('-u'), idOf('-g'));
  // The signal comes when the thread ends that started the server. Deno starts it on a short one.
  const withThisProcess = 'Deno' in globalThis ? [] : ['--pdeathsig=INT'];
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', ...withThisProcess, '--'];
}

function startServer(asOther: readonly string[], program: string, home: string, port: number): ChildProcess {
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${home}`, 'max_connections=60'];
  const [command = '', ...args] = [...asOther, program, '-D', join(home, 'data'), '-p', String(port)];
  const server = spawn(command, [...args, ...settings.flatMap((each) => ['-c', each])], { cwd: home, stdio: 'ignore' });
  server.unref();
  return server;
}

/** Signals the server and the processes of its connections. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).stdout.split('\n');
  for (const each of [pid, ...children.map(Number)]) {
    try {
      if (each > 0) process.kill(each, signal);
    } catch (error) {
      // It ended by itself.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('the system gave no port');
  return address.port;
}

async function untilReady(admin: string): Promise<void> {
  const sql = postgres(admin, { max: 1, backoff: () => 0.02, onnotice: () => undefined });
  const endsAt = performance.now() + 60_000;
  try {
    for (;;) {
      try {
        await sql`SELECT 1`;
        return;
      } catch (error) {
        if (performance.now() > endsAt) throw error;
        await pause(20);
      }
    }
  } finally {
    await sql.end();
  }
}
