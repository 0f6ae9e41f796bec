// Several files and directories as arguments.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import { conformingPlugin } from '../../conformance/hooks/plugins.ts';
import { fixture } from '../../support/fixture.ts';
import { withSlowStart } from '../clocks.ts';
import { filterPlugin } from '../hook-files.ts';
import { recordedIo } from '../recorded-io.ts';
import { documentOf, run } from '../run.ts';

const several = suite('several files');

const files = {
  'dir/a.wasm': await fixture('router/router.wasm'),
  'dir/b/hooks.wasm': await conformingPlugin(),
  'dir/b/text.wasm': 'no module',
  'dir/c.txt': '',
  'empty/c.txt': '',
  'filter.wasm': filterPlugin,
};

several('admit reports on each, and sums them up', async () => {
  const { code, stdout, stderr } = await run(['admit', 'dir', 'filter.wasm'], { files });
  assert.equal([code, stderr], [1, '']);
  const [first, ...lines] = stdout.split('\n');
  assert.is(first, 'dir: 3 files end in .wasm');
  assert.equal(
    lines.filter((line) => /^[df]/.test(line)),
    [
      'dir/a.wasm (router 1.0.0): admitted',
      'dir/b/hooks.wasm (n v): admitted',
      'dir/b/text.wasm: rejected at layer identity',
      'filter.wasm (n v): admitted',
    ],
  );
  assert.ok(stdout.endsWith('\n\n4 plugins: 3 admitted, 1 rejected\n'));
});

several('a file that cannot be read hides no other report, and ends with 2', async () => {
  const { code, stdout } = await run(['inspect', 'absent.wasm', 'filter.wasm', 'empty'], { files });
  assert.is(code, 2);
  assert.ok(
    stdout.startsWith('empty: 0 files end in .wasm\nerror: cannot read absent.wasm: no such file\n\nfilter.wasm: '),
  );
  assert.match(
    stdout,
    /\nerror: no file in empty or its folders ends in \.wasm; hidden ones and node_modules are not searched\n/,
  );
  assert.ok(stdout.endsWith('\n\n1 module: 1 valid; 2 without a report\n'));
});

several('one directory without modules is an error', async () => {
  const { code, stdout } = await run(['admit', 'empty'], { files });
  assert.is(code, 2);
  assert.match(stdout, /\nerror: no file in empty .+\n\n0 plugins; 1 without a report\n$/);
});

several('the document of a series has the document of each file', async () => {
  for (const command of ['admit', 'inspect']) {
    const result = await run([command, 'dir/a.wasm', 'dir/b/text.wasm', 'absent', '--json'], { files });
    assert.equal([result.code, result.stderr], [2, '']);
    // The cast: the fields are compared right here.
    const document = documentOf(result) as { files: { file: string; report?: object; error?: object }[] };
    assert.equal(
      { ...document, files: [] },
      {
        version: 1,
        directories: [],
        counts: { passed: 1, failed: 1, errors: 1 },
        files: [],
      },
    );
    const [one, other, absent] = document.files;
    const alone = documentOf(await run([command, 'dir/a.wasm', '--json'], { files }));
    assert.equal(Object.keys(one?.report ?? {}), Object.keys(alone));
    assert.is(other?.file, 'dir/b/text.wasm');
    assert.equal(absent, {
      file: 'absent',
      error: { kind: 'Unreadable', message: 'cannot read absent: no such file' },
    });
  }
});

several('a directory with one file is a series too, so that the form follows from the arguments', async () => {
  const one = { 'one/a.wasm': filterPlugin };
  const document = documentOf(await run(['inspect', 'one', '--json'], { files: one }));
  assert.equal(document.directories, [{ path: 'one', found: 1 }]);
});

const forms: Readonly<Record<string, RegExp>> = {
  pretty: /^dir: 3 files end in \.wasm\ndir\/a\.wasm \(router 1\.0\.0\) as r[\s\S]+3 plugins: 2 conform, 1 does not\n$/,
  json: /^\{\n {2}"version": 1,\n {2}"verdict": "fail",\n {2}"counts": \{\n {4}"conforming": 2,/,
  junit: /^<\?xml [\s\S]*<testsuite name="dir\/a\.wasm" [\s\S]*<testsuite name="dir\/b\/text\.wasm" /,
  tap: /^TAP version 14\n1\.\.3\n# Subtest: dir\/a\.wasm\n {4}1\.\.65\n/,
  html: /^<!doctype html>\n[\s\S]*dir\/b\/text\.wasm/,
};
for (const [name, form] of Object.entries(forms)) {
  several(`conformance writes ${name} about a directory`, async () => {
    const { code, stdout } = await run(['conformance', 'dir', '--reporter', name], { files });
    assert.is(code, 1);
    assert.match(stdout, form);
    const { written } = await run(['conformance', 'dir', '--reporter', name, '-o', 'out'], { files });
    assert.match(new TextDecoder().decode(written.get('out')), form);
  });
}

several('conformance ends with 0 if all conform, and with 2 if one cannot be verified', async () => {
  assert.is((await run(['conformance', 'dir/a.wasm', 'dir/b/hooks.wasm'], { files })).code, 0);
  const { code, stdout } = await run(['conformance', 'dir/a.wasm', 'absent'], { files });
  assert.is(code, 2);
  assert.ok(stdout.endsWith('\n\n1 plugin: 1 conforms; 1 could not be verified\n'));
});

several('an option of the other generation is an error of the plugins that it is not for', async () => {
  const { code, stdout } = await run(['admit', 'dir/a.wasm', 'filter.wasm', '--slot', 'filter'], { files });
  assert.is(code, 2);
  assert.match(
    stdout,
    /^error: --slot is for plugins of generation 2, [\s\S]*\n1 plugin: 1 admitted; 1 without a report\n$/,
  );
});

several('an output replaces none of the inputs', async () => {
  const { code, stderr, written } = await run(['conformance', 'dir', '-o', 'dir/b/hooks.wasm'], { files });
  assert.equal([code, written.size], [2, 0]);
  assert.match(stderr, /^error: dir\/b\/hooks\.wasm is the input itself/);
});

several('names cannot drive the terminal', async () => {
  const hostile = { 'x\u001b[2J/y\u001b[2J.wasm': 'text' };
  for (const command of ['admit', 'inspect', 'conformance']) {
    const { stdout, stderr } = await run([command, 'x\u001b[2J', 'z\u001b[2J'], { files: hostile });
    assert.not.match(stdout + stderr, '\u001b');
    assert.match(stdout, 'x\\u{1b}[2J/y\\u{1b}[2J.wasm');
  }
});

several('progress names the file, and is erased before anything is printed', async () => {
  const io = recordedIo({ files });
  const printed: string[] = [];
  const keep = (stream: string) => (content: string | Uint8Array) => printed.push(`${stream}${String(content)}`);
  const terminal = {
    ...io,
    stdout: { color: false, write: keep('out ') },
    stderr: { color: false, erasesLines: true, write: keep('err ') },
  };
  await withSlowStart(() => runProgram({ commands, version: '' }, ['admit', 'dir'], terminal));
  const erased = 'err \r\u001b[K';
  assert.equal(printed.slice(0, 3), ['out dir: 3 files end in .wasm\n', `${erased}1/3 dir/a.wasm `, erased]);
  assert.match(printed[3] ?? '', /^out dir\/a\.wasm/);
  assert.equal(printed.slice(4, 6), [`${erased}2/3 dir/b/hooks.wasm `, erased]);
});

several.run();
