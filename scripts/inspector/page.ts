import { createHash } from 'node:crypto';
import { escaped } from '../docs/html/page.ts';
import { inlineScript, inlineStyle, jsonText } from './markup.ts';
import type { RenderedDocument } from './rules.ts';

/** What the page is put together from. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  readonly samples: unknown;
  readonly rules: readonly RenderedDocument[];
  /** The licenses of the libraries in the script, by name: they ask for that. */
  readonly licenses: Readonly<Record<string, string>>;
}

/** Only the page's own script and style apply, nothing is loaded, and nothing can be sent. */
export function policyOf({ script, style }: Pick<PageParts, 'script' | 'style'>): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hashOf(style)}'`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function licenseComment([name, text]: readonly [string, string]): string {
  if (text.includes('--')) throw new Error(`the license of ${name} has what would end its comment`);
  return `<!--\n${name}:\n${text.trim()}\n-->`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * Writes the page: one HTML document that needs no other file.
 *
 * @throws Error if the script, the style or a license has what would end its element or comment.
 */
export function pageOf({ script, style, samples, rules, licenses }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf({ script, style })}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Plugin inspector</title>
<link rel="icon" href="data:,">
<style>${inlineStyle(style)}</style>
</head>
<body>
<div id="page"><main><h1>Plugin inspector</h1><p>This page needs JavaScript.</p></main></div>
${rules.map(({ path, html }) => `<template data-document="${escaped(path)}">${html}</template>`).join('\n')}
${Object.entries(licenses).map(licenseComment).join('\n')}
<script type="application/json" id="samples">${jsonText(samples)}</script>
<script>${inlineScript(script)}</script>
</body>
</html>
`;
}
