import { type SeriesEntry, type SeriesReport, seriesText } from '../series.ts';
import { html, type Markup } from './markup.ts';
import { pluginText, verdictText, visible } from './text.ts';

/**
 * Writes the report of a series as one self-contained HTML document: a row for each plugin. Every
 * text from a plugin is escaped.
 */
export function htmlSeriesReport(series: SeriesReport): string {
  const title = seriesText(series.counts);
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
</head>
<body>
<h1>${title}</h1>
<table>
<thead><tr><th scope="col">File</th><th scope="col">Plugin</th><th scope="col">Result</th></tr></thead>
<tbody>
${series.files.map(row)}</tbody>
</table>
</body>
</html>
`;
  return document.text;
}

function row(entry: SeriesEntry): Markup {
  const [plugin, result] =
    'report' in entry
      ? [pluginText(entry.report), verdictText(entry.report)]
      : ['', `${entry.error.kind}: ${visible(entry.error.message)}`];
  return html`<tr><td>${visible(entry.file)}</td><td>${plugin}</td><td>${result}</td></tr>
`;
}
