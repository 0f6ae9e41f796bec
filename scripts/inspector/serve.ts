// Serves the inspector on the loopback interface: `npm run inspector [-- --port 8080]`. Builds
// dist/inspector.html first, if it is missing or older than a source.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { portOption, servingFault } from '../port-option.ts';
import { INSPECTOR, writeInspector } from './build.ts';

const root = new URL('../../', import.meta.url);

/** The folders and files that the page is made from. */
const SOURCES = ['src', 'abi', 'scripts/inspector', 'package-lock.json'];

/** What every answer says: the page is in no frame, and is fetched anew each time. */
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The names under which a browser of this machine asks. Another was made to lead here. */
const HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Answers with the page to GET and HEAD of `/`, and with an error to everything else. */
export function answerWith(html: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // Not parsed as a URL: anything may stand there.
    const [path] = (request.url ?? '').split('?', 1);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const refuse = (status: number, text: string, more = {}): void => {
      response.writeHead(status, { ...HEADERS, ...more, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    };
    if (!HOSTS.test(request.headers.host ?? '')) refuse(421, 'this server is for browsers of this machine');
    else if (!isRead) refuse(405, 'only GET and HEAD are allowed', { allow: 'GET, HEAD' });
    else if (path !== '/') refuse(404, 'there is one page here, at /');
    else response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(html);
  };
}

/**
 * Serves a page on 127.0.0.1.
 *
 * @param port 0 for a free one.
 * @returns the server, and its address.
 * @throws Error if the port is taken.
 */
export async function servePage(html: string, port: number): Promise<{ server: Server; address: string }> {
  const server = createServer(answerWith(html));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server on a port has an address of this kind.
  const { port: chosen } = server.address() as AddressInfo;
  return { server, address: `http://127.0.0.1:${chosen}/` };
}

/** Whether the page is missing, or a source is newer. */
function isStale(): boolean {
  const page = new URL(INSPECTOR, root);
  if (!existsSync(page)) return true;
  const builtAt = statSync(page).mtimeMs;
  return SOURCES.some((source) => newestIn(new URL(source, root)) > builtAt);
}

function newestIn(place: URL): number {
  const { mtimeMs } = statSync(place);
  if (!statSync(place).isDirectory()) return mtimeMs;
  const inside = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Math.max(mtimeMs, ...inside.map((path) => statSync(new URL(`${place.href}/${path}`)).mtimeMs));
}

async function main(): Promise<void> {
  const port = portOption(process.argv.slice(2), 0);
  if (isStale()) await writeInspector();
  const html = readFileSync(new URL(INSPECTOR, root), 'utf8');
  const { address } = await servePage(html, port).catch((cause: unknown) => {
    throw new Error(servingFault(cause, port), { cause });
  });
  console.log(`The inspector is at ${address}\nPress Ctrl+C to end it.`);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
