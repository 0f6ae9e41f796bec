import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { danglingFragments, escaped, pageOf } from '../../scripts/docs/html/page.ts';

const page = suite('the page of documents');

const article = {
  id: 'docs-GUIDE',
  title: 'docs/GUIDE.md',
  headings: [{ id: 'docs-GUIDE--limits', text: 'Limits & <more>' }],
  html: '<h2 id="docs-GUIDE--limits">Limits</h2>\n',
};

page('has each document, a navigation, and the address of the API', () => {
  const html = pageOf([article], 'api/index.html');
  assert.match(html, '<article id="docs-GUIDE">');
  assert.match(html, '<a href="#docs-GUIDE--limits">Limits &amp; &lt;more&gt;</a>');
  assert.match(html, '<a href="api/index.html">');
  assert.equal(danglingFragments(html), []);
});

page('names the links within it that lead nowhere', () => {
  const html = pageOf([{ ...article, html: '<a href="#docs-GUIDE--limits"></a>' }], 'api/index.html');
  assert.equal(danglingFragments(html), ['#docs-GUIDE--limits']);
});

page('shows the characters of HTML as they are', () => {
  assert.is(escaped('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;');
});

page.run();
