/** One document of the page: its heading in the navigation, and its HTML. */
export interface Article {
  /** The value of its attribute `id`. */
  readonly id: string;
  readonly title: string;
  /** Headings of the second level, for the navigation. */
  readonly headings: readonly { readonly id: string; readonly text: string }[];
  readonly html: string;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1f2328; --faint: #59636e; --page: #fff; --line: #d1d9e0; --code: #f6f8fa; --link: #0b62d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --faint: #9198a1; --page: #0d1117; --line: #3d444d; --code: #151b23; --link: #58a6ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; display: flex; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: var(--page); }
nav {
  width: 17rem; flex: none; height: 100vh; position: sticky; top: 0; overflow-y: auto;
  padding: 1rem; border-right: 1px solid var(--line); font-size: 14px;
}
nav ul { list-style: none; margin: 0; padding: 0 0 0 .8rem; }
nav summary { cursor: pointer; padding: .15rem 0; }
main { flex: 1; min-width: 0; padding: 1rem 2rem 50vh; }
article { max-width: 54rem; margin: 0 auto 4rem; padding-bottom: 2rem; border-bottom: 1px solid var(--line); }
.path { color: var(--faint); font-size: 13px; margin: 0; }
a { color: var(--link); text-decoration: none; }
a.rule { color: var(--faint); font-size: .78em; }
a:hover { text-decoration: underline; }
pre {
  background: var(--code); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px;
  font-size: 13px; line-height: 1.45;
}
code {
  font-family: ui-monospace, monospace; font-size: .88em; background: var(--code);
  border-radius: 4px; padding: .1em .3em;
}
pre code { padding: 0; font-size: inherit; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: 14px; }
td, th { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
img { max-width: 100%; }
@media (max-width: 60rem) {
  body { display: block; }
  nav { width: auto; height: auto; position: static; }
  main { padding: 1rem; }
}
`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escapes a text for HTML, within elements and attributes.
 *
 * @param text any text
 */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}

const entry = (id: string, text: string): string => `<a href="#${id}">${escaped(text)}</a>`;

function navigation({ id, title, headings }: Article): string {
  if (headings.length === 0) return `<div>${entry(id, title)}</div>`;
  const items = headings.map((heading) => `<li>${entry(heading.id, heading.text)}</li>`).join('\n');
  return `<details><summary>${entry(id, title)}</summary><ul>\n${items}\n</ul></details>`;
}

function article({ id, title, html }: Article): string {
  return `<article id="${id}">\n<p class="path">${escaped(title)}</p>\n${html}</article>`;
}

/**
 * Puts documents into one page that needs no other file.
 *
 * @param articles in the order of reading
 * @param api the address of the API reference
 * @returns HTML
 */
export function pageOf(articles: readonly Article[], api: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cc-lb-runtime-protocol</title>
<style>${STYLE}</style>
<nav>
${articles.map(navigation).join('\n')}
<p><a href="${api}">API reference</a></p>
</nav>
<main>
${articles.map(article).join('\n')}
</main>
</html>
`;
}

/**
 * Finds links within the page that lead to no element.
 *
 * @param html the page
 * @returns their fragments, such as `#docs-GUIDE--limits`
 */
export function danglingFragments(html: string): string[] {
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  const fragments = [...html.matchAll(/ href="#([^"]+)"/g)].map(([, fragment = '']) => fragment);
  return [...new Set(fragments)].filter((fragment) => !ids.has(decodeURIComponent(fragment))).map((each) => `#${each}`);
}
