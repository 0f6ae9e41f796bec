// Renders the documents to site/index.html, one file that opens without a server, and the API
// reference to site/api/:
//   npm run docs
// Ends with exit code 1 if a link leads nowhere.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { brokenLinks, documentPaths } from '../links.ts';
import { renderApi } from './api-reference.ts';
import { articleOf } from './article.ts';
import { importPackage, type MarkdownIt } from './packages.ts';
import { danglingFragments, pageOf } from './page.ts';

const root = new URL('../../../', import.meta.url);
const SITE = 'site/';

rmSync(new URL(SITE, root), { recursive: true, force: true });
mkdirSync(new URL(SITE, root));

const { default: Markdown } = await importPackage<{ readonly default: MarkdownIt }>('markdown-it');
const paths = documentPaths();
const documents = paths.map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));
const articles = documents.map(({ path, text }) => articleOf(path, text, paths, Markdown));
const page = pageOf(articles, 'api/index.html');
writeFileSync(new URL(`${SITE}index.html`, root), page);

const faults = [
  ...documents.flatMap(({ path, text }) => brokenLinks(path, text)),
  ...danglingFragments(page).map((fragment) => `${SITE}index.html has no element ${fragment}`),
  ...(await renderApi(`${SITE}api`)),
];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
console.log(`${documents.length} documents in ${SITE}index.html, the API reference in ${SITE}api/index.html`);
