/**
 * The style sheet of the HTML reports. One palette for light, one for dark. Print is always light:
 * it has no buttons, what is folded stays so, and no page ends within a check.
 */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b2027; --muted: #56606d; --line: #d9dee5; --soft: #eef1f5;
  --accent: #2f5bd0; --pass: #1a7a3c; --warn: #8a5a00; --fail: #c22431; --skipped: #5d6774;
  --pass-soft: #e3f4e8; --warn-soft: #fbf0d5; --fail-soft: #fce8e8; --skipped-soft: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151a; --card: #191f26; --text: #e4e8ee; --muted: #9aa5b3; --line: #313a46; --soft: #222a33;
    --accent: #87a9ff; --pass: #5ecb82; --warn: #e2b340; --fail: #ff8a8a; --skipped: #9aa5b3;
    --pass-soft: #16301f; --warn-soft: #352a10; --fail-soft: #3a1b1f; --skipped-soft: #262e38;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2, h3 { margin: 2.5rem 0 0.9rem; font-size: 1.2rem; scroll-margin-top: 1rem; }
p { margin: 0.3rem 0; }
code, pre { font: 0.92em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
a { color: var(--accent); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.eyebrow { margin: 0; color: var(--muted); font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; }
.mark {
  display: inline-block; padding: 0.05rem 0.55rem; border-radius: 999px; font-size: 0.82rem;
  font-weight: 600; white-space: nowrap;
}
.verdict { margin: 0.8rem 0 0.4rem; }
.verdict .mark { padding: 0.35rem 0.95rem; font-size: 1.1rem; font-weight: 650; }
.mark.pass { color: var(--pass); background: var(--pass-soft); }
.mark.warn { color: var(--warn); background: var(--warn-soft); }
.mark.fail { color: var(--fail); background: var(--fail-soft); }
.mark.skipped { color: var(--skipped); background: var(--skipped-soft); }
.counts, .left { color: var(--muted); }
.bar { display: block; width: 100%; height: 8px; margin: 0.6rem 0 1.2rem; border-radius: 4px; }
.bar .pass { fill: var(--pass); } .bar .warn { fill: var(--warn); }
.bar .fail { fill: var(--fail); } .bar .skipped { fill: var(--line); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.9rem 1.5rem; margin: 0; }
dl > :has(dd > code) { grid-column: 1 / -1; }
dt { color: var(--muted); font-size: 0.8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
nav { margin-top: 1.6rem; padding: 0.6rem 0; border: solid var(--line); border-width: 1px 0; font-size: 0.93rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; list-style: none; margin: 0; padding: 0.2rem 0; }
nav .pass { color: var(--pass); } nav .warn { color: var(--warn); }
nav .fail { color: var(--fail); } nav .skipped { color: var(--skipped); }
.findings, .checks { list-style: none; margin: 0; padding: 0; }
.findings { display: grid; gap: 0.8rem; }
.findings li {
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--fail);
  border-radius: 8px; padding: 0.9rem 1.1rem;
}
.findings li.warn { border-left-color: var(--warn); }
.findings :is(h3, h4) {
  margin: 0 0 0.4rem; font-size: 1rem; font-weight: 600; display: flex; flex-wrap: wrap; gap: 0.6rem;
  align-items: center;
}
.found, .hint, .reason { overflow-wrap: anywhere; }
.reference { font-size: 0.85em; overflow-wrap: anywhere; }
span.reference { color: var(--muted); }
.groups { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.group {
  display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 1rem; padding: 0.45rem 1rem;
  scroll-margin-top: 1rem;
}
.group + .group { border-top: 1px solid var(--line); }
.group > :is(h3, h4) { margin: 0; font-size: 0.95rem; overflow-wrap: anywhere; }
.group .mark { margin-right: 0.4rem; }
.checks li {
  display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: 0.2rem 0.6rem;
  align-items: start; justify-items: start; padding: 0.45rem 0;
}
.checks li + li, details > .checks { border-top: 1px solid var(--line); }
.checks p { margin: 0.1rem 0 0; }
.checks li.skipped code, .checks li.skipped p, .costs { color: var(--muted); }
.checks .costs { font-size: 0.87rem; font-variant-numeric: tabular-nums; }
details > .checks { margin-top: 0.45rem; }
summary { cursor: pointer; color: var(--accent); }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.75rem; }
figcaption, .reason { color: var(--muted); font-size: 0.87rem; }
figcaption { padding: 0.4rem 0.5rem 0.1rem; }
figure + details { margin-top: 0.8rem; }
.picture, .scroll { overflow-x: auto; }
.picture svg { display: block; min-width: 38rem; width: 100%; height: auto; fill: var(--text); font-size: 13px; }
.picture .head { fill: var(--soft); stroke: var(--line); }
.picture .name { font-weight: 650; }
.picture .life { stroke: var(--line); stroke-width: 2; }
.picture .layer { font-weight: 650; }
.picture .muted { fill: var(--muted); }
.picture .note { fill: var(--soft); stroke: var(--line); }
.picture .active { fill: var(--accent); }
.picture .arrow { stroke: var(--accent); stroke-width: 1.6; }
.picture .arrow.back { stroke-dasharray: 6 4; }
.picture .arrow.none { stroke: var(--line); stroke-dasharray: 2 5; }
.picture .tip { fill: var(--accent); }
.picture .cost { font-variant-numeric: tabular-nums; }
.picture .failed .arrow { stroke: var(--fail); }
.picture .failed :is(.tip, .active, text) { fill: var(--fail); }
.picture .failed .note { stroke: var(--fail); fill: var(--fail-soft); }
.picture .skipped text { fill: var(--muted); } .picture .skipped .note { fill: none; stroke-dasharray: 3 4; }
table {
  width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line);
  font-size: 0.93rem;
}
details table { margin-top: 0.6rem; }
th, td { padding: 0.5rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; font-size: 0.82rem; border-top: 0; }
td { overflow-wrap: anywhere; }
.files td:first-child, .files .number { overflow-wrap: normal; }
.files td:nth-child(2) { min-width: 12rem; } .files td:nth-child(3) { min-width: 9rem; }
.files td:nth-child(5) { min-width: 6.5rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.requests details { margin-top: 0.5rem; }
.requests pre {
  margin: 0.4rem 0 0; padding: 0.8rem 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; white-space: pre-wrap;
}
button {
  padding: 0.2rem 0.8rem; border: 1px solid var(--accent); border-radius: 6px; background: var(--card);
  color: var(--accent); font: inherit; font-size: 0.87rem; cursor: pointer;
}
.filter { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0 0 0.8rem; padding: 0; border: 0; }
.filter legend { float: left; margin-right: 1.2rem; padding: 0; color: var(--muted); }
.filter span { color: var(--muted); }
.filter input { margin: 0; accent-color: var(--accent); vertical-align: -0.1em; }
main:has([value="fail"]:checked) .file:not(.fail), main:has([value="unverified"]:checked) .file:not(.unverified),
main:has([value="warn"]:checked) .file:not(.warn), main:has([value="pass"]:checked) .file:not(.pass) { display: none; }
.plugin { margin-top: 0.8rem; padding: 0.7rem 1rem; border: 1px solid var(--line); border-radius: 10px; }
.plugin > summary h2 { display: inline; margin: 0 0.4rem; font-size: 1rem; overflow-wrap: anywhere; }
.plugin > summary > span:last-child { color: var(--muted); overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; padding-bottom: 2.5rem; color: var(--muted); font-size: 0.85rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 40rem) {
  h1 { font-size: 1.6rem; }
  .group { grid-template-columns: minmax(0, 1fr); }
  .checks li { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  @page { margin: 14mm; }
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #444444; --line: #bbbbbb; --soft: #f2f2f2;
    --accent: #1f3f9c; --pass: #125c2c; --warn: #6b4500; --fail: #9c1620; --skipped: #444444;
    --pass-soft: #ffffff; --warn-soft: #ffffff; --fail-soft: #ffffff; --skipped-soft: #ffffff;
  }
  body { font-size: 9.5pt; }
  header, main, footer { max-width: none; padding: 0; }
  h2, h3 { margin: 1.1rem 0 0.4rem; break-after: avoid; }
  nav, button, .filter, .requests, figure + details:not([open]) { display: none; }
  .findings li, .checks li, .group:not(:has(details[open])), tr, figure, .plugin > summary { break-inside: avoid; }
  .findings { display: block; } .findings li { margin-bottom: 0.5rem; }
  .group { padding: 0.2rem 0.6rem; }
  .found a { display: none; }
  .picture { overflow: visible; } .picture svg { min-width: 0; max-height: 150mm; }
  .mark { border: 1px solid currentColor; }
  footer { margin-top: 1rem; padding: 0; }
}
`;

/** What the policy of a page names {@link styleSheet} by. */
export const styleHash = 'sha256-Avhr5sauohhw97WqPJVgYX27G5zvSJJpZWv01uHe4nU=';
