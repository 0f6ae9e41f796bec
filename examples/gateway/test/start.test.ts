// The program of `npm run example:gateway`: it starts, prints what works, and finds its plugins
// again.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Child, startChild } from './support/child.ts';

const program = new URL('../start.ts', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'cc-lb-start-'));

/** Starts the program at free ports. @returns a promise of what it printed, and its process. */
async function started(store: string): Promise<{ readonly text: string; readonly child: Child }> {
  const child = startChild(program, ['--port', '0', '--admin-port', '0', '--store', store, '--token', 'secret']);
  let text = '';
  for await (const line of child.lines) {
    text += `${line}\n`;
    if (line.startsWith('Ctrl+C')) return { text, child };
  }
  throw new Error(`it ended after printing: ${text}`);
}

/** Returns the address in the first line that has a text. */
function urlIn(text: string, part: string): string {
  const line = text.split('\n').find((each) => each.includes(part)) ?? '';
  return /http:\S+/.exec(line)?.[0] ?? '';
}

const starting = suite('the program');

starting('prints commands that work', async () => {
  const { text, child } = await started('memory');
  const headers = { 'x-api-key': 'demo-key' };
  const url = urlIn(text, '"stream":true');
  const stream = await fetch(url, { method: 'POST', headers, body: '{"model":"any","stream":true}' });
  assert.match(await stream.text(), /event: ping.*event: message_stop/s);
  const answer = await fetch(url, { method: 'POST', headers, body: '{"model":"any"}' });
  assert.match((await answer.json()).content[0].text, 'Hello from fake-');
  const admin = new URL(urlIn(text, 'curl -X PUT'));
  assert.is(admin.pathname, '/plugins/dialect');
  const list = await fetch(new URL('/plugins', admin), { headers: { authorization: 'Bearer secret' } });
  assert.is((await list.json()).length, 4);
  await child.kill();
});

starting('finds the plugins of its last start', async () => {
  const lacksSqlite = await import('node:sqlite').then(
    () => undefined,
    () => 'this runtime has no node:sqlite',
  );
  if (lacksSqlite !== undefined) return console.log(`skipped: the restart of the example: ${lacksSqlite}`);
  const store = `sqlite:${join(folder, 'plugins.db')}`;
  const first = await started(store);
  assert.match(first.text, /^registered +router: filter$/m);
  assert.not.match(first.text, 'restored');
  const hook = await readFile(new URL('../../../fixtures/hooks/shape-active/shape-active.wasm', import.meta.url));
  const headers = { authorization: 'Bearer secret' };
  for (const path of ['/plugins/dialect', '/plugins/dialect?principal=demo'])
    await fetch(new URL(path, urlIn(first.text, 'curl -X PUT')), {
      method: 'PUT',
      headers,
      body: new Uint8Array(hook),
    });
  await first.child.kill();
  const second = await started(store);
  assert.match(second.text, /^restored +router: filter$/m);
  assert.match(second.text, /^restored +dialect of demo: shape$/m);
  const list = await fetch(new URL('/plugins', urlIn(second.text, 'curl -X PUT')), { headers });
  const plugins: readonly { readonly name: string; readonly generation: number }[] = await list.json();
  // What was uploaded serves on, and not the fixture again.
  assert.equal(
    plugins.filter(({ name }) => name === 'dialect').map(({ generation }) => generation),
    [2, 2],
  );
  assert.is(plugins.length, 5);
  await second.child.kill();
});

starting('ends if it cannot open the store', async () => {
  let message = '';
  await started('sqlite:').catch((error: Error) => {
    ({ message } = error);
  });
  assert.match(message, 'it ended after printing');
});

starting.after(() => rmSync(folder, { recursive: true, force: true }));
starting.run();
