// The templates that scripts/templates.ts makes, builds and verifies.
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';
import { toolchains } from '../../scripts/templates/toolchains.ts';
import { tryTemplate } from '../../scripts/templates/try-template.ts';
import { templateLanguages } from '../../src/cli/new/languages.ts';

const templates = suite('templates in CI');

templates('each language has one toolchain', () => {
  const languages = toolchains.map(({ language }) => language);
  assert.equal(languages.sort(), Object.keys(templateLanguages).sort());
});

templates('a build that fails is reported with what it printed', () => {
  if ('Deno' in globalThis || 'Bun' in globalThis || findNode() === undefined)
    return console.log('skipped: a template that does not build: scripts run on Node');
  const trial = tryTemplate('rust', 'router', { ...process.env, PATH: '' });
  assert.ok('failure' in trial);
  assert.match(trial.failure, /^cargo wasm: spawnSync cargo ENOENT\n/);
});

templates.run();
