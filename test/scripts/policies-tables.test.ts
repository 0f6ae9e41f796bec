import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HIDDEN_COOKIES,
  HIDDEN_HEADERS,
  HOP_BY_HOP_HEADERS,
  HOST_REQUEST_HEADERS,
  RESPONSE_DROPPED_HEADERS,
  SHAPE_DROPPED_HEADERS,
} from '../../src/hooks/policies/header-rules.ts';
import { settleBounds } from '../../src/hooks/policies/wire-bounds.ts';

const tables = suite('the tables of docs/POLICIES.md');
const text = readFileSync(new URL('../../docs/POLICIES.md', import.meta.url), 'utf8');

/** The cells of the rows between two headings that begin with a name as code. */
function rowsOf(heading: string, nextHeading: string): string[][] {
  const part = text.slice(text.indexOf(heading), text.indexOf(nextHeading));
  return [...part.matchAll(/^\| `(.+) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.replace(/`(, and the headers that it lists)?/g, '').trim()),
  );
}

tables('name each header that plugins do not see', () => {
  const rows = rowsOf('## What plugins see', '## What is taken');
  const expected = Object.entries({ ...HIDDEN_HEADERS, ...HIDDEN_COOKIES });
  assert.equal(
    rows.map(([name, why = '']) => [name, why.split(';', 1).join()]),
    expected,
  );
});

tables('name each header that is dropped, where, and why', () => {
  const rows = rowsOf('**Names and values of headers**', '## Events');
  const shaped = { ...HOP_BY_HOP_HEADERS, ...SHAPE_DROPPED_HEADERS };
  const client = { ...HOP_BY_HOP_HEADERS, ...HOST_REQUEST_HEADERS };
  const response = { ...HOP_BY_HOP_HEADERS, ...RESPONSE_DROPPED_HEADERS };
  const names = Object.keys({ ...shaped, ...client, ...response });
  const yes = (rules: object, name: string): string => (Object.hasOwn(rules, name) ? 'yes' : '');
  assert.equal(
    rows.map((row) => row.slice(0, 4)).sort(),
    names.map((name) => [name, yes(shaped, name), yes(client, name), yes(response, name)]).sort(),
  );
  const reasons: Readonly<Record<string, string>> = { ...response, ...client, ...shaped };
  for (const [name = '', , , , why] of rows)
    assert.ok(why === reasons[name] || why === HOP_BY_HOP_HEADERS[name], `${name}: ${why}`);
});

tables('have the default of each bound', () => {
  const rows = rowsOf('These bounds are', '**A filter');
  assert.equal(
    rows.map(([name, value]) => [name, value]),
    Object.entries(settleBounds()).map(([name, value]) => [name, value.toLocaleString('en-US')]),
  );
});

tables.run();
