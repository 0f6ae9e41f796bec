// Makes, builds, tests and verifies the plugins that `cc-lb-plugin new` writes:
//   npm run test:templates
//   npm run test:templates -- --language rust,c    only those of these languages
// Installs what a language needs. If that is impossible, or its templates did not change, it prints
// the reason and leaves the language out. The exit code is 1 if a template fails.
import { parseArgs } from 'node:util';
import { type TemplateLanguage, templateLanguages } from '../src/cli/new/languages.ts';
import type { Toolchain } from './templates/toolchain.ts';
import { toolchains } from './templates/toolchains.ts';
import { tryTemplate } from './templates/try-template.ts';

const { values } = parseArgs({ options: { language: { type: 'string', default: '' } } });
const named = values.language.split(',').filter((language) => language !== '');
const unknown = named.filter((name) => !toolchains.some(({ language }) => language === name));
if (unknown.length > 0) {
  const known = toolchains.map(({ language }) => language).join(', ');
  console.log(`there are no templates in ${unknown.join(', ')}: expected some of ${known}`);
  process.exitCode = 1;
} else {
  for (const toolchain of toolchains.filter(({ language }) => named.length === 0 || named.includes(language)))
    await tryLanguage(toolchain);
}

/** Tries all kinds of a language, and prints a line for each. */
async function tryLanguage({ language, unlessNamed, prepare, adapt, conforms }: Toolchain): Promise<void> {
  const reason = named.includes(language) ? undefined : await unlessNamed?.();
  const prepared = reason === undefined ? await prepare() : { missing: reason };
  if ('missing' in prepared) return console.log(`skipped: ${language}: ${prepared.missing}`);
  const { kinds }: TemplateLanguage = templateLanguages[language];
  for (const kind of Object.keys(kinds)) {
    const since = performance.now();
    const trial = tryTemplate(language, kind, prepared.env, adapt);
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    if ('failure' in trial) process.exitCode = 1;
    else await conforms?.(trial.module);
    const outcome = 'failure' in trial ? `FAILED\n${trial.failure}` : `conforms, ${trial.module.length} bytes`;
    console.log(`${language}/${kind}: ${outcome} (${seconds} s)`);
  }
}
