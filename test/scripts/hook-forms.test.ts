// The ways to have an instance for each call that `npm run bench -- --only hooks-instances`
// compares: they are worth a comparison only if each call begins with a fresh state.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FormName, forms, formTitles } from '../../scripts/bench/hooks/forms.ts';
import { filterRequest, shapeRequest } from '../../scripts/bench/hooks/requests.ts';
import { admitHooks, filterHook, type Hook, shapeHook } from '../../src/hooks/index.ts';

const ways = suite('the ways to make instances of hook plugins');

const cases: readonly (readonly [plugin: string, hook: Hook, requests: readonly unknown[]])[] = [
  // The plugin says how often its instance was called.
  ['filter', filterHook, [filterRequest(10, 2_000), filterRequest(1, 300_000)]],
  ['shape-active', shapeHook, [shapeRequest(2_000), shapeRequest(300_000)]],
];

// The cast: an object literal has the keys of its type.
for (const form of Object.keys(formTitles) as FormName[]) {
  ways(`${formTitles[form]}: each call answers as the package does`, () => {
    for (const [name, hook, requests] of cases) {
      const wasm = new Uint8Array(readFileSync(new URL(`../../fixtures/hooks/${name}/${name}.wasm`, import.meta.url)));
      const { plugin: admitted } = admitHooks(wasm);
      const { plugin, before } = forms[form](wasm, hook);
      for (const request of [...requests, ...requests, ...requests]) {
        before?.();
        const outcome = plugin.call(hook, request);
        assert.is(outcome.kind, 'ok');
        assert.equal(outcome, admitted?.call(hook, request));
      }
    }
  });
}

ways.run();
