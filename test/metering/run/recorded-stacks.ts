/**
 * What engines wrote when one metered plugin trapped: its function 3, `panic_fmt`, which function 4
 * had called, which has no name, and that function 5, `filter`. The plugin imports 2 functions and
 * defines 4, and metering adds 4 imports.
 */
export const recordedStacks: Readonly<Record<string, string>> = {
  'Node 20': `RuntimeError: unreachable
    at panic_fmt (wasm://wasm/ebcfecc2:wasm-function[7]:0x147)
    at wasm://wasm/ebcfecc2:wasm-function[8]:0x192
    at filter (wasm://wasm/ebcfecc2:wasm-function[9]:0x1ae)
    at resultOf (/project/src/failure.ts:96:31)
    at Plugin.#run (/project/src/plugin/plugin.ts:193:21)
    at Plugin.callView (/project/src/plugin/plugin.ts:113:12)
    at Plugin.call (/project/src/plugin/plugin.ts:99:17)
    at file:///project/run.mjs:11:16
    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)
    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)`,
  'Node 26': `RuntimeError: unreachable
    at panic_fmt (wasm://wasm/239fffae:wasm-function[7]:0x147)
    at wasm://wasm/239fffae:wasm-function[8]:0x192
    at filter (wasm://wasm/239fffae:wasm-function[9]:0x1ae)
    at resultOf (file:///project/src/failure.ts:96:31)
    at #run (file:///project/src/plugin/plugin.ts:193:21)
    at Plugin.callView (file:///project/src/plugin/plugin.ts:113:16)
    at Plugin.call (file:///project/src/plugin/plugin.ts:99:17)
    at file:///project/run.mjs:11:16
    at ModuleJob.run (node:internal/modules/esm/module_job:569:25)
    at async node:internal/modules/esm/loader:650:26`,
  'Deno 2.9': `RuntimeError: unreachable
    at panic_fmt (wasm://wasm/239fffae:wasm-function[0]:0x147)
    at <anonymous> (wasm://wasm/239fffae:wasm-function[0]:0x192)
    at filter (wasm://wasm/239fffae:wasm-function[0]:0x1ae)
    at resultOf (file:///project/src/failure.ts:96:31)
    at Plugin.#run (file:///project/src/plugin/plugin.ts:193:21)
    at Plugin.callView (file:///project/src/plugin/plugin.ts:113:16)
    at Plugin.call (file:///project/src/plugin/plugin.ts:99:17)
    at file:///project/run.mjs:11:16`,
  'Bun 1.4': `RuntimeError: Unreachable code should not be executed (evaluating 'work()')
    at unknown
    at unknown
    at unknown
    at resultOf (/project/src/failure.ts:96:31)
    at #run (/project/src/plugin/plugin.ts:193:21)
    at callView (/project/src/plugin/plugin.ts:113:12)
    at call (/project/src/plugin/plugin.ts:99:17)
    at /project/run.mjs:11:16`,
  'Chromium 156': `RuntimeError: unreachable
    at panic_fmt (wasm://wasm/239fffae:wasm-function[7]:0x147)
    at wasm://wasm/239fffae:wasm-function[8]:0x192
    at filter (wasm://wasm/239fffae:wasm-function[9]:0x1ae)
    at resultOf (http://127.0.0.1:43007/tests.js:1019:31)
    at #run (http://127.0.0.1:43007/tests.js:9957:25)
    at Plugin.callView (http://127.0.0.1:43007/tests.js:9887:20)
    at Plugin.call (http://127.0.0.1:43007/tests.js:9874:21)
    at http://127.0.0.1:43007/tests.js:10229:45
    at thrownBy2 (http://127.0.0.1:43007/tests.js:10178:5)
    at Object.handler (http://127.0.0.1:43007/tests.js:10229:22)`,
};

/** Where the functions of that plugin ended in the module that the engines compiled, in bytes. */
export const recordedBodyEnds = Uint32Array.of(321, 332, 405, 444, 1000, 1028, 1036, 1055, 1083);
