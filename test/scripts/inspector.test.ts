// The page of the inspector: what the build writes, and what the server answers.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anchorsOf, ruleAnchorsOf } from '../../scripts/docs/links.ts';
import { buildInspector, PAGE_MAX } from '../../scripts/inspector/build.ts';
import { documentHtml } from '../../scripts/inspector/markdown.ts';
import { inlineScript, inlineStyle, jsonText } from '../../scripts/inspector/markup.ts';
import { pageOf } from '../../scripts/inspector/page.ts';
import { CHARGE_SECTIONS, RATIONALE, renderRules, sectionsOf } from '../../scripts/inspector/rules.ts';
import { servePage } from '../../scripts/inspector/serve.ts';
import { layerReferences } from '../../src/inspector/layer-rows.ts';
import { bytesOf, readSamples, type Sample } from '../../src/inspector/samples.ts';
import { tasks } from '../../src/inspector/worker/tasks.ts';
import { thrownBy } from '../support/failure.ts';

const inspector = suite('the page of the inspector');

const { html, gzipped } = await buildInspector();

/** The text of an element of the page. */
const between = (start: string, end: string): string => {
  const at = html.indexOf(start) + start.length;
  assert.ok(at >= start.length, start);
  return html.slice(at, html.indexOf(end, at));
};
const script = between('<script>', '</script>');
const style = between('<style>', '</style>');

inspector('is as small as it must be', () => {
  assert.ok(gzipped <= PAGE_MAX, `${gzipped} bytes`);
  assert.ok(PAGE_MAX <= 300_000);
  assert.ok(gzipped > 100_000, 'the library is in it');
});

inspector('allows its own script and style, WebAssembly and workers from memory, and nothing else', () => {
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = between('http-equiv="Content-Security-Policy" content="', '"');
  assert.equal(policy.split('; '), [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assert.ok(html.indexOf('Content-Security-Policy') < html.indexOf('<style>'), 'what stands before it is not bound');
});

inspector('names no address that a browser would load', () => {
  const markup = html.replace(script, '').replace(style, '');
  for (const [, address] of markup.matchAll(/(?:src|href|action|data|poster)="([^"]*)"/g))
    assert.match(address ?? '', /^(?:#|data:,$|abi\/\w+\.md(?:#|$))/);
  assert.not.match(style, /url\(|@import/);
});

inspector('has samples of both generations, good and bad', () => {
  const samples: readonly Sample[] = readSamples(between('<script type="application/json" id="samples">', '</script>'));
  const verdicts = samples.map((sample) => {
    const { generation, report } = tasks.admit({ file: sample.file, bytes: bytesOf(sample) });
    return `${generation} ${report.admitted}`;
  });
  assert.equal([...new Set(verdicts)].sort(), ['1 false', '1 true', '2 false', '2 true']);
  assert.is(new Set(samples.map(({ id }) => id)).size, samples.length);
});

inspector('has each rule and heading of the contract once, and no link that leads nowhere', () => {
  const documents = renderRules();
  const idsOf = (text: string): string[] => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
  const known = new Set(
    documents.flatMap((each) => [each.path, ...idsOf(each.html).map((id) => `${each.path}#${id}`)]),
  );
  for (const { path, html: rendered } of documents) {
    const source = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const all = [...anchorsOf(source), ...ruleAnchorsOf(source).map(({ id }) => id)];
    // Of what explains the charges, the page has a part.
    const expected = path === RATIONALE ? all.filter((id) => CHARGE_SECTIONS.some((each) => each === id)) : all;
    assert.equal(idsOf(rendered).sort(), expected.sort(), path);
    for (const [, address = ''] of rendered.matchAll(/ href="([^"]+)"/g))
      assert.ok(known.has(address.startsWith('#') ? path + address : address), `${path}: ${address}`);
    assert.not.match(rendered.replace(/<(?:code|pre)[^>]*>.*?<\/(?:code|pre)>/gs, ''), /\*\*|\]\(|`/);
    assert.ok(html.includes(rendered));
  }
  for (const reference of layerReferences) assert.ok(known.has(reference), reference);
});

inspector('renders the Markdown of the documents', () => {
  const of = (text: string): string =>
    documentHtml(text, { path: 'abi/A.md', documents: ['abi/A.md', 'abi/B.md'] }).replaceAll('\n', '');
  const cases: readonly (readonly [markdown: string, expected: string])[] = [
    ['# A\n\n## B', '<h3 id="a">A</h3><h4 id="b">B</h4>'],
    ['a\nb <c> & "d"', '<p>ab &lt;c&gt; &amp; &quot;d&quot;</p>'],
    ['`a *b* <c>` **d *e*** f', '<p><code>a *b* &lt;c&gt;</code> <strong>d <em>e</em></strong> f</p>'],
    ['2 * 3 * 4 \\* 5', '<p>2 * 3 * 4 * 5</p>'],
    [
      '[x](#y) [x](B.md#y) [x](../docs/C.md) [x](https://x.test)',
      '<p><a href="#y">x</a> <a href="abi/B.md#y">x</a> x x</p>',
    ],
    ['<a id="L-1">[L-1]</a> a', '<p><a id="L-1">[L-1]</a> a</p>'],
    ['![a\nb](p.svg)', '<p><em>Picture: a b</em></p>'],
    ['- a\n- b\n  c', '<ul><li>a</li><li>bc</li></ul>'],
    ['2. a\n3. b', '<ol start="2"><li>a</li><li>b</li></ol>'],
    ['1. a\n   - b\n2. c', '<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>'],
    ['- a\n\n  b\n\n- c', '<ul><li><p>a</p><p>b</p></li><li>c</li></ul>'],
    ['- a\n\nb', '<ul><li>a</li></ul><p>b</p>'],
    ['a\n2. b', '<p>a2. b</p>'],
    ['```json\n<a>\n```', '<pre tabindex="0"><code>&lt;a&gt;</code></pre>'],
    ['    a\n    b\n\nc', '<pre tabindex="0"><code>ab</code></pre><p>c</p>'],
    ['<!-- x:begin -->\na', '<p>a</p>'],
    [
      '| a | |\n|---|---|\n| `b \\| c` | d |',
      '<div class="scroll" tabindex="0"><table><thead><tr><th>a</th><td></td></tr></thead>' +
        '<tbody><tr><td><code>b | c</code></td><td>d</td></tr></tbody></table></div>',
    ],
  ];
  for (const [markdown, expected] of cases) assert.is(of(markdown), expected, markdown);
  for (const unknown of ['> a', '<b>a</b>', '~~~\na\n~~~', '```\na'])
    assert.match(String(thrownBy(() => of(unknown))), 'Error', unknown);
});

inspector('takes whole sections out of a document, and none that it does not have', () => {
  const text = '# A\n\na\n\n## B\n\nb\n\n### C c\n\nc\n';
  assert.is(sectionsOf(text, ['c-c', 'a']), '### C c\n\nc\n# A\n\na\n\n');
  assert.match(String(thrownBy(() => sectionsOf(text, ['a', 'd']))), 'no heading has the anchor d');
});

inspector('refuses a script or style that would end its element', () => {
  for (const text of ['a</script>b', 'a</SCRIPT >', '<!--', 'a<script>'])
    assert.match(String(thrownBy(() => inlineScript(text))), 'HTML');
  for (const text of ['a</style>', '<!--']) assert.match(String(thrownBy(() => inlineStyle(text))), 'HTML');
  assert.equal([inlineScript('a<b'), inlineStyle('a>b')], ['a<b', 'a>b']);
  assert.is(JSON.parse(jsonText('</script><!--')), '</script><!--');
  assert.not.match(jsonText('</script>'), '<');
  const page = pageOf({ script: '1', style: '', samples: ['</script>'], rules: [], licenses: {} });
  assert.is(page.split('</script>').length, 3);
});

inspector('carries the licenses of its libraries', () => {
  const parts = { script: '1', style: '', samples: [], rules: [] };
  assert.match(pageOf({ ...parts, licenses: { some: 'Free.\n' } }), '<!--\nsome:\nFree.\n-->');
  assert.match(String(thrownBy(() => pageOf({ ...parts, licenses: { some: '-->' } }))), 'license of some');
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const ask = (address: string, method: string, path: string, headers = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(address, { path, method, headers, agent: false }, async (response) => {
      const body = Buffer.concat(await response.toArray()).toString('utf8');
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    sent.on('error', reject).end();
  });

inspector('is served on the loopback interface, and nothing else is', async () => {
  const { server, address } = await servePage('<p>page</p>', 0);
  try {
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await ask(address, 'GET', '/?a#b');
    assert.equal([page.status, page.body], [200, '<p>page</p>']);
    assert.is(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.is(page.headers['content-security-policy'], "frame-ancestors 'none'");
    assert.is(page.headers['x-content-type-options'], 'nosniff');
    assert.equal([(await ask(address, 'HEAD', '/')).status, (await ask(address, 'HEAD', '/')).body], [200, '']);
    for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '//', '//[', '/:80'])
      assert.is((await ask(address, 'GET', path)).status, 404, path);
    const posted = await ask(address, 'POST', '/');
    assert.equal([posted.status, posted.headers.allow], [405, 'GET, HEAD']);
    assert.is((await ask(address, 'GET', '/', { host: 'evil.test' })).status, 421);
    const { port } = new URL(address);
    const taken = await servePage('', Number(port)).then(
      () => 'served',
      (error: unknown) => Object(error).code,
    );
    assert.is(taken, 'EADDRINUSE');
  } finally {
    server.close();
  }
});

inspector.run();
