/**
 * The style sheet of the HTML report. One palette for light, one for dark. Print is always light.
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
h2 { margin: 2.5rem 0 0.9rem; font-size: 1.2rem; }
h3 {
  margin: 0 0 0.4rem; font-size: 1rem; font-weight: 600; display: flex; flex-wrap: wrap; gap: 0.6rem;
  align-items: center;
}
p { margin: 0.3rem 0; }
code { font: 0.92em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.eyebrow { margin: 0; color: var(--muted); font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; }
.verdict { margin: 0.8rem 0 0.4rem; }
.badge { display: inline-block; padding: 0.35rem 0.95rem; border-radius: 999px; font-size: 1.1rem; font-weight: 650; }
.badge.pass, .mark.pass { color: var(--pass); background: var(--pass-soft); }
.badge.warn, .mark.warn { color: var(--warn); background: var(--warn-soft); }
.badge.fail, .mark.fail { color: var(--fail); background: var(--fail-soft); }
.mark.skipped { color: var(--skipped); background: var(--skipped-soft); }
.mark {
  display: inline-block; padding: 0.05rem 0.55rem; border-radius: 999px; font-size: 0.82rem;
  font-weight: 600; white-space: nowrap;
}
.counts { color: var(--muted); }
.bar { display: flex; gap: 2px; height: 8px; margin: 0.6rem 0 1.2rem; border-radius: 4px; overflow: hidden; }
.bar span { min-width: 4px; }
.bar .pass { background: var(--pass); } .bar .warn { background: var(--warn); }
.bar .fail { background: var(--fail); } .bar .skipped { background: var(--line); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.9rem 1.5rem; margin: 0; }
dt { color: var(--muted); font-size: 0.8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.8rem; }
.findings li {
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--fail);
  border-radius: 8px; padding: 0.9rem 1.1rem;
}
.findings li.warn { border-left-color: var(--warn); }
.found, .hint { overflow-wrap: anywhere; }
.reference { color: var(--muted); font-size: 0.85em; overflow-wrap: anywhere; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.75rem; }
figcaption, .reason { color: var(--muted); font-size: 0.87rem; }
figcaption { padding: 0.4rem 0.5rem 0.1rem; }
.picture, .scroll { overflow-x: auto; }
svg { display: block; min-width: 38rem; width: 100%; height: auto; fill: var(--text); font-size: 13px; }
svg .head { fill: var(--soft); stroke: var(--line); }
svg .name { font-weight: 650; }
svg .life { stroke: var(--line); stroke-width: 2; }
svg .layer { font-weight: 650; }
svg .muted { fill: var(--muted); }
svg .note { fill: var(--soft); stroke: var(--line); }
svg .active { fill: var(--accent); }
svg .arrow { stroke: var(--accent); stroke-width: 1.6; }
svg .arrow.back { stroke-dasharray: 6 4; }
svg .arrow.none { stroke: var(--line); stroke-dasharray: 2 5; }
svg .tip { fill: var(--accent); }
svg .cost { font-variant-numeric: tabular-nums; }
svg .failed .arrow { stroke: var(--fail); }
svg .failed .tip, svg .failed .active, svg .failed text { fill: var(--fail); }
svg .failed .note { stroke: var(--fail); fill: var(--fail-soft); }
svg .skipped text { fill: var(--muted); } svg .skipped .note { fill: none; stroke-dasharray: 3 4; }
details { margin-top: 0.8rem; }
summary { cursor: pointer; color: var(--accent); }
table {
  width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line);
  font-size: 0.93rem;
}
details table { margin-top: 0.6rem; }
th, td { padding: 0.5rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; font-size: 0.82rem; border-top: 0; }
.group th { background: var(--soft); font-size: 0.9rem; padding-top: 0.6rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.checks td p { margin: 0.1rem 0 0; }
.checks td:first-child { width: 6.5rem; }
.checks td:nth-child(2) { width: 100%; min-width: 16rem; }
.checks tr.skipped code, .checks tr.skipped .rule { color: var(--muted); }
.checks tr.fail td { background: var(--fail-soft); } .checks tr.warn td { background: var(--warn-soft); }
footer { margin-top: 2.5rem; padding-bottom: 2.5rem; color: var(--muted); font-size: 0.85rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 40rem) { .checks .number { white-space: normal; } }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --text: #000000; --muted: #444444; --line: #bbbbbb; --soft: #f2f2f2;
    --accent: #1f3f9c; --pass: #125c2c; --warn: #6b4500; --fail: #9c1620; --skipped: #444444;
    --pass-soft: #ffffff; --warn-soft: #ffffff; --fail-soft: #ffffff; --skipped-soft: #ffffff;
  }
  body { font-size: 10pt; }
  details { display: none; }
  tr, .findings li, figure { break-inside: avoid; }
  h2, .group { break-after: avoid; }
  .mark, .badge { border: 1px solid currentColor; }
}
`;
