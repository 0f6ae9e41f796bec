// What `npm run check:prose` refuses: wide lines, and phrases in comments, strings and documents.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultsOf, withoutExceptions } from '../../scripts/prose/faults.ts';

const prose = suite('npm run check:prose');

/** The faults of a file as `line: rule`. */
const found = (file: string, ...lines: readonly string[]): string[] =>
  faultsOf(file, lines.join('\n')).map(({ line, rule }) => `${line}: ${rule}`);

const wide = 'x'.repeat(90);
const many = 'so many';
const no = 'is no';

prose('comments have at most 100 columns, code 120', () => {
  const code = `const text = '${'x'.repeat(105)}';`;
  assert.is(code.length, 121);
  assert.equal(found('a.ts', code, code.replace('x', '')), ['1: code over 120 columns']);
  assert.equal(found('a.ts', `// ${wide} 123456`, `// ${wide} 1234567`), ['2: prose over 100 columns']);
  assert.equal(found('a.mjs', '/**', ` * ${wide} 1234567`, ' */', `call('${wide} 1234567');`), [
    '2: prose over 100 columns',
  ]);
});

prose('a document has at most 100 columns, but for tables, fenced blocks and generated parts', () => {
  const long = `${wide} ${wide}`;
  assert.equal(found('a.md', long, `| ${long} |`, '```', long, '```', long), [
    '1: prose over 100 columns',
    '6: prose over 100 columns',
  ]);
  assert.equal(found('a.md', '<!-- bench:begin -->', long, many, '<!-- bench:end -->', many), ['5: phrase "so many"']);
});

prose('tables and fenced blocks in comments may be wider too', () => {
  const long = `${wide} ${wide}`;
  assert.equal(found('a.ts', '/**', ` * | ${long} |`, ' * ```', ` * ${long}`, ' * ```', ` * ${long}`, ' */'), [
    '6: prose over 100 columns',
  ]);
});

prose('URLs do not count', () => {
  assert.equal(found('a.md', `See https://example.com/${wide}.`, `[text](docs/${wide}.md)`), []);
  assert.equal(found('a.md', `${wide} ${wide} https://example.com/`), ['1: prose over 100 columns']);
});

prose('columns are characters, not UTF-16 units', () => {
  assert.equal(found('a.md', '𝄞'.repeat(100), '𝄞'.repeat(101)), ['2: prose over 100 columns']);
});

prose('phrases are found in comments, strings and documents, in capitals and across line breaks', () => {
  assert.equal(found('a.ts', `// there are ${many} of them`), ['1: phrase "so many"']);
  assert.equal(found('a.ts', `throw new Error('${many}');`), ['1: phrase "so many"']);
  assert.equal(found('a.md', 'text', `So Many`), ['2: phrase "so many"']);
  assert.equal(found('a.ts', '// there are so', '// many of them'), ['1: phrase "so many"']);
  assert.equal(found('a.md', 'there are so', 'many', '', 'so', '', 'many'), ['1: phrase "so many"']);
  assert.equal(found('a.ts', '// so', 'many();'), []);
});

prose('"is no" is refused, but not in "there is no" and "is no longer"', () => {
  assert.equal(found('a.ts', `// What ${no} request`), ['1: phrase "is no"', '1: phrase "what is no"']);
  assert.equal(found('a.ts', `// There ${no} such file, and it ${no} longer here.`, `// this node`), []);
});

prose('each phrase is found', () => {
  const phrases = [
    ...['is no', 'are none', 'that is none', 'what is no', 'in the place of', 'tells of', 'comes to its end'],
    ...['goes on as', 'for elsewhere', 'so many', 'who comes', 'as if in order', 'is told', 'are told'],
    'its turn has come',
  ];
  for (const phrase of phrases) assert.ok(found('a.md', `It ${phrase} x.`).includes(`1: phrase "${phrase}"`), phrase);
});

prose('an exception allows the lines of its file that contain its text, and must allow one', () => {
  const faults = [...faultsOf('a.md', `one ${many}\ntwo ${many}`), ...faultsOf('b.md', `one ${many}`)];
  const allowed = { file: 'a.md', text: 'one', reason: 'a quotation' };
  const idle = { file: 'c.md', text: 'one', reason: 'a quotation' };
  const { left, unused } = withoutExceptions(faults, [allowed, idle]);
  assert.equal(
    left.map(({ file, text }) => `${file}: ${text}`),
    [`a.md: two ${many}`, `b.md: one ${many}`],
  );
  assert.equal(unused, [idle]);
  const whole = { file: 'a.md', reason: 'it quotes the phrases' };
  const wideFault = faultsOf('a.md', `${wide} ${wide}`);
  assert.equal(withoutExceptions([...faults, ...wideFault], [whole]).left, [...faults.slice(2), ...wideFault]);
});

prose.run();
