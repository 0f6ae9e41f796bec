import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin } from '../../src/plugin/index.ts';
import { fixture } from '../support/fixture.ts';
import { zoo } from './zoo.ts';

/** A plugin that exists all the time. No hostile plugin may disturb it. */
const bystander = buildPlugin(await fixture('behaviour/echo.wasm'));

/** The test suite of one theme of hostile plugins. */
export function hostileSuite(theme: string): { run: () => void } {
  const hostile = suite(`hostile plugins: ${theme}`);
  for (const { name, ends, run } of zoo[theme] ?? []) {
    hostile(`${name}: ${ends.slice(0, 100)}`, async () => {
      assert.is(await run(), ends);
      assert.is(bystander.callText('run', name), name, 'another plugin works afterwards');
    });
  }
  return hostile;
}
