// What may be given to ./prepared instead of a prepared module: each mistake has its own error.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_MODULE } from '../../src/compilation.ts';
import { resultOf } from '../../src/failure.ts';
import { HookCompileError } from '../../src/hooks/compile-error.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { HOOKS_SECTION } from '../../src/hooks/prepared-section.ts';
import { METERING_SECTION, METERING_VERSION } from '../../src/metering/index.ts';
import { BuildPluginError, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import { LINK_SECTION } from '../../src/plugin/link-section.ts';
import { canLink } from '../../src/plugin/two-memories.ts';
import * as prepared from '../../src/prepared/index.ts';
import { readSections } from '../../src/wasm/index.ts';
import { custom } from '../hooks/hook-module.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { withoutCompilingAsync } from '../support/plugin.ts';

const input = suite('bad input of ./prepared');

const router = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await fixture('router/router.wasm'));
const filter = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await fixture('hooks/filter/filter.wasm'));

/** Replaces the contents of a custom section. */
function withSection(bytes: Uint8Array, name: string, contents: string): WebAssembly.Module {
  const kept: number[] = [...bytes.slice(0, 8)];
  for (const section of readSections(bytes))
    kept.push(...(section.name === name ? custom(name, contents) : bytes.subarray(section.offset, section.end)));
  return new WebAssembly.Module(Uint8Array.from(kept));
}

/** What the JSON of a custom section says. */
function sectionOf(bytes: Uint8Array<ArrayBuffer>, name: string): Readonly<Record<string, unknown>> {
  const [contents] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), name);
  return JSON.parse(new TextDecoder().decode(contents));
}

/** Every function that takes a plugin, with what it throws for something else. */
const takers: readonly (readonly [
  name: string,
  take: (wasm: never) => unknown,
  error: new (...args: never) => Error,
])[] = [
  ['loadPlugin', prepared.loadPlugin, BuildPluginError],
  ['buildPlugin', prepared.buildPlugin, BuildPluginError],
  ['admit', prepared.admit, TypeError],
  ['admitHooks', prepared.admitHooks, TypeError],
  ['inspectHooks', prepared.inspectHooks, TypeError],
  ['generationOf', prepared.generationOf, TypeError],
];

/** A value that throws whatever is asked of it. */
function hostileProxy(): object {
  const refuse = (): never => {
    throw new Error('a trap of the proxy');
  };
  return new Proxy({}, { get: refuse, has: refuse, getPrototypeOf: refuse });
}

const READ = 'import the file as a module, or read it and give its bytes to compilePrepared';

/** What a caller has just before it has a module, and what the error advises. */
const nearly: readonly (readonly [value: unknown, advice: string])[] = [
  ['router.wasm', READ],
  [new URL('file:///router.wasm'), READ],
  [new Blob(), READ],
  [Promise.resolve(), 'a promise was given: await it'],
  [{ default: new WebAssembly.Module(EMPTY_MODULE) }, 'the field default of what was given is one: pass that'],
  [{ module: new WebAssembly.Module(EMPTY_MODULE) }, 'the field module of what was given is one: pass that'],
];

for (const [name, take, error] of takers) {
  input(`${name} refuses bytes of every kind, and says what to do with them`, async () => {
    const bytes = preparePlugin(await router(), { kernel: 'instance' });
    // A page that is not isolated has no shared memory.
    const shared = typeof SharedArrayBuffer === 'function' ? [new SharedArrayBuffer(8)] : [];
    for (const value of [bytes, await router(), bytes.buffer, new DataView(bytes.buffer), ...shared]) {
      // The cast passes what the type forbids.
      const thrown = thrownBy(() => take(value as never));
      assert.instance(thrown, error);
      assert.match(String(thrown), /^\w+: wasm must be a WebAssembly\.Module made from what prepare/);
      assert.match(
        String(thrown),
        /, but bytes were given: if they are prepared, make a module with compilePrepared, or import/,
      );
    }
  });

  input(`${name} refuses what is not a module at all`, () => {
    for (const value of [undefined, null, {}, 7, new WebAssembly.Memory({ initial: 0 }), hostileProxy()]) {
      const thrown = thrownBy(() => take(value as never));
      assert.instance(thrown, error);
      assert.match(String(thrown), /wasm must be a WebAssembly\.Module made from what prepare.* returns?$/);
    }
  });

  input(`${name} says what to do with what leads to a module`, () => {
    for (const [value, advice] of nearly) {
      // The cast passes what the type forbids.
      const thrown = thrownBy(() => take(value as never));
      assert.instance(thrown, error);
      assert.match(String(thrown), /wasm must be a WebAssembly\.Module made from what prepare/);
      assert.ok(String(thrown).endsWith(` returns; ${advice}`), String(thrown));
    }
  });
}

input('bytes do not type-check', () => {
  const bytes = new Uint8Array(8);
  // @ts-expect-error bytes are not compiled here
  assert.throws(() => prepared.buildPlugin(bytes));
  // @ts-expect-error nor are those of a buffer
  assert.throws(() => prepared.admit(bytes.buffer));
  // @ts-expect-error nor those of a view
  assert.throws(() => prepared.admitHooks(new DataView(bytes.buffer)));
  // @ts-expect-error a promise must be awaited
  assert.throws(() => prepared.loadPlugin(Promise.resolve(new WebAssembly.Module(EMPTY_MODULE))));
});

/** Why a module is not a prepared plugin, from each function that takes one. */
function refusal(module: WebAssembly.Module): string {
  const reasons = [prepared.loadPlugin, prepared.buildPlugin, prepared.admit].map((take) => {
    const failure = failureOf(BuildPluginError, () => take(module));
    return failure.kind === 'NotPrepared' ? failure.reason : failure.kind;
  });
  assert.is(new Set(reasons).size, 1, reasons.join());
  return reasons.join();
}

/** The same of the hook ABI. */
function hookRefusal(module: WebAssembly.Module): string {
  const reasons = [prepared.admitHooks, prepared.inspectHooks].map((take) => {
    const failure = failureOf(HookCompileError, () => take(module));
    return failure.kind === 'NotPrepared' ? failure.reason : failure.kind;
  });
  assert.is(new Set(reasons).size, 1, reasons.join());
  return String(reasons[0]);
}

input('readModuleIdentity refuses what is not a module', () => {
  for (const value of [undefined, 'x', new Uint8Array(8), Promise.resolve()]) {
    const thrown = thrownBy(() => prepared.readModuleIdentity(value as never));
    assert.is(
      String(thrown),
      'TypeError: module must be a WebAssembly.Module: readIdentity of the entry ./identity takes bytes',
    );
  }
});

input('a module that is not prepared is refused as such', async () => {
  assert.match(
    refusal(new WebAssembly.Module(await router())),
    /it was not prepared\. Give the bytes of the plugin to prepare/,
  );
  assert.match(
    hookRefusal(new WebAssembly.Module(await filter())),
    /it was not prepared: give the bytes to prepareHooks/,
  );
  // An empty module has no identity either.
  const empty = new WebAssembly.Module(EMPTY_MODULE);
  assert.match(refusal(empty), /it was not prepared/);
  assert.match(hookRefusal(empty), /it was not prepared/);
});

input('a module whose kernel must be compiled is refused, and goes to compilePlugin', async () => {
  const module = new WebAssembly.Module(preparePlugin(await router(), { kernel: 'instance' }));
  assert.match(refusal(module), /prepared with kernel: 'instance'.* compilePlugin of the entry \.\/plugin/);
  assert.ok(compilePlugin(module));
});

input('a hook plugin that was prepared by another version is refused by its number', async () => {
  const bytes = prepareHooks(await filter());
  for (const [contents, reason] of [
    [
      '{"version":1}',
      /an older version of this package wrote its section cc_lb\.hooks \(1, this one reads 2\): prepare/,
    ],
    ['{"version":3,"new":1}', /a newer version .* \(3, this one reads 2\): update this package here, or prepare/],
    ['{"version":"2"}', /cc_lb\.hooks cannot be read/],
    ['not JSON', /cc_lb\.hooks cannot be read/],
  ] as const)
    assert.match(hookRefusal(withSection(bytes, HOOKS_SECTION, contents)), reason);
  const metering = withSection(bytes, METERING_SECTION, `{"version":${METERING_VERSION + 1}}`);
  assert.match(hookRefusal(metering), /a newer version of this package wrote its section cc_lb\.metering/);
  const damaged = withSection(bytes, METERING_SECTION, '{}');
  assert.is(hookRefusal(damaged), 'its section cc_lb.metering is damaged: prepare the plugin again');
});

if (canLink()) {
  input('a plugin that was prepared by another version is refused by its number', async () => {
    const bytes = preparePlugin(await router());
    for (const [section, contents, reason] of [
      [
        LINK_SECTION,
        '{"version":3}',
        /an older version .* cc_lb\.kernel\.v1 \(3, this one reads 4\): prepare the plugin again/,
      ],
      [
        LINK_SECTION,
        '{"version":5}',
        /a newer version .* \(5, this one reads 4\): update this package here, or prepare/,
      ],
      [LINK_SECTION, '{}', /its section cc_lb\.kernel\.v1 is damaged/],
      [METERING_SECTION, '{"version":3}', /an older version .* cc_lb\.metering \(3, this one reads 4\): prepare/],
      [METERING_SECTION, '{"version":5}', /a newer version .* cc_lb\.metering \(5, this one reads 4\): update/],
      [METERING_SECTION, '{"version":4}', /its section cc_lb\.metering is damaged: prepare the plugin again/],
    ] as const)
      assert.match(refusal(withSection(bytes, section, contents)), reason);
  });

  input('damaged sections are refused as such, whichever field is damaged', async () => {
    const bytes = preparePlugin(await router());
    const damages = [null, 5, 'x', [null], [5], [{}], { a: 1 }];
    for (const [name, reason] of [
      [LINK_SECTION, /its section cc_lb\.kernel\.v1 is damaged/],
      [METERING_SECTION, /its section cc_lb\.metering is damaged: prepare the plugin again/],
    ] as const) {
      const written = sectionOf(bytes, name);
      for (const field of Object.keys(written)) {
        if (field === 'version') continue;
        const right = Array.isArray(written[field]) ? 'list' : typeof written[field];
        for (const damage of damages) {
          if (typeof damage === right) continue;
          const contents = JSON.stringify({ ...written, [field]: damage });
          assert.match(refusal(withSection(bytes, name, contents)), reason, `${field}: ${JSON.stringify(damage)}`);
        }
      }
      assert.match(refusal(withSection(bytes, name, '['.repeat(20_000))), reason);
    }
  });

  input('a module without the globals that its metering names is refused', async () => {
    const bytes = preparePlugin(await router());
    const written = sectionOf(bytes, METERING_SECTION);
    const globals = Object(written.globals);
    for (const name of Object.keys(globals)) {
      const contents = JSON.stringify({ ...written, globals: { ...globals, [name]: 'memory' } });
      assert.match(refusal(withSection(bytes, METERING_SECTION, contents)), /its section cc_lb\.metering is damaged: /);
    }
  });

  input('a module without budgets is refused, although it contains the kernel', async () => {
    const { module } = compilePlugin(await router(), { metering: false, kernel: 'linked' });
    assert.match(refusal(module), /it has no budgets, since it was compiled with \{ metering: false \}/);
  });

  input('options of compiling are refused by name', async () => {
    const module = new WebAssembly.Module(preparePlugin(await router()));
    for (const option of ['limits', 'cache']) {
      const run = (): unknown => prepared.admit(module, { [option]: undefined, ...{ [option]: {} } });
      assert.match(String(thrownBy(run)), new RegExp(`TypeError: options\\.${option} must be left out`));
    }
  });
} else console.log('skipped: other versions of linked plugins: this engine supports one memory in a module');

input('compilePrepared makes a module, and checks nothing else', async () => {
  const module = await prepared.compilePrepared(prepareHooks(await filter()));
  assert.ok(prepared.admitHooks(module).report.admitted);
  assert.match(hookRefusal(await prepared.compilePrepared(await filter())), /it was not prepared/);
});

/** The failure of compilePrepared. */
async function unmade(wasm: unknown): Promise<BuildPluginError> {
  try {
    // The cast passes what the type forbids.
    await prepared.compilePrepared(wasm as Uint8Array);
  } catch (error) {
    if (error instanceof BuildPluginError) return error;
    throw error;
  }
  throw new Error('it was compiled');
}

input('compilePrepared says why it makes no module', async () => {
  assert.is(
    (await unmade('x')).message,
    'wasm must be the bytes of a module (an ArrayBuffer, or a view such as Uint8Array); ' +
      'a string was given: read the file first',
  );
  assert.is((await unmade(new Uint8Array(9))).failure.kind, 'InvalidModule');
  const refused = await withoutCompilingAsync(async () => unmade(prepareHooks(await filter())));
  assert.is(refused.failure.kind, 'CompilationRefused');
  assert.match(refused.message, /run time; let the platform make the module \(import the prepared file as a module; /);
});

input('compilePrepared refuses a module, which is what the others take', async () => {
  assert.match(
    (await unmade(new WebAssembly.Module(EMPTY_MODULE))).message,
    /; a WebAssembly\.Module was given: pass it to buildPlugin, admit or admitHooks as it is$/,
  );
});

/** What an error says to somebody who has a module, and no bytes. */
const ENTRIES = /prepare(?:Plugin|Hooks)|compilePrepared|\.\/prepared/;

input(
  'a hook plugin among those of the older protocol is sent to where prepared ones are admitted, and back',
  async () => {
    const hook = new WebAssembly.Module(prepareHooks(await filter()));
    for (const take of [prepared.loadPlugin, prepared.buildPlugin])
      assert.match(String(thrownBy(() => take(hook))), /if it is prepared, admitHooks of \.\/prepared does too$/);
    assert.match(
      prepared.admit(hook).layers[0]?.error?.message ?? '',
      /^this plugin speaks the hook ABI\. Give it to `admitHooks` .*, or of \.\/prepared if it is prepared \(/,
    );
    const older = new WebAssembly.Module(preparePlugin(await router(), { kernel: 'instance' }));
    const sent = /Give it to `admit` of the root entry, or of \.\/prepared if it is prepared$/;
    assert.match(String(thrownBy(() => prepared.inspectHooks(older))), sent);
    assert.match(prepared.admitHooks(older).report.steps[0]?.error?.message ?? '', sent);
  },
);

input('no error about a module asks for bytes in its place', async () => {
  const modules = [await router(), await filter(), EMPTY_MODULE].map((bytes) => new WebAssembly.Module(bytes));
  let refusals = 0;
  for (const module of modules)
    for (const [name, take] of takers) {
      // The cast: each takes modules, by types of their own.
      const refused = resultOf(() => take(module as never));
      if (refused.ok) continue;
      refusals++;
      assert.match(String(refused.error), ENTRIES, name);
      assert.not.match(String(refused.error), /must be the bytes/, name);
    }
  assert.ok(refusals >= 9, String(refusals));
});

input('what takes a loaded or built plugin says so', async () => {
  const module = new WebAssembly.Module(await router());
  const expected = 'TypeError: plugin must be a CompiledPlugin, as compilePlugin and loadPlugin return it';
  const offer = prepared.buildOffer();
  // The casts pass what the types forbid.
  assert.is(String(thrownBy(() => prepared.executeHandshake(module as never, offer))), expected);
  assert.is(String(thrownBy(() => prepared.executeSelfCheck(module as never, 'all'))), expected);
  const built = failureOf(BuildPluginError, () => new prepared.Plugin(module as never, {}));
  assert.equal([built.kind, 'argument' in built && built.argument], ['InvalidArgument', 'compiled']);
  for (const value of [undefined, 7, {}, 'filter'])
    assert.is(
      String(thrownBy(() => prepared.slotsFromHandshake(value as never))),
      'TypeError: implemented must be an array, a Set or another iterable of strings',
    );
});

input('where an engine has one memory, the error names the other form; others run a plugin with two', async () => {
  assert.is(prepared.runsPreparedPlugins(), canLink());
  const bytes = preparePlugin(await router(), { kernel: 'linked' });
  if (canLink()) return assert.ok(prepared.buildPlugin(await prepared.compilePrepared(bytes)));
  const { failure, message } = await unmade(bytes);
  assert.is(failure.kind, 'InvalidModule');
  assert.match(
    message,
    /supports one memory in a module, and a prepared plugin has two.* prepare it with kernel: 'instance'/,
  );
});

input.run();
