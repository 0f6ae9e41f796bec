import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  IDENTITY_MAGIC,
  IDENTITY_SECTION_NAME,
  IdentityReadError,
  type IdentityReadFailure,
  readIdentity,
  readModuleIdentity,
  validateIdentity,
} from '../../src/protocol/identity.ts';
import { customSection } from '../../src/wasm/index.ts';
import { hookModule } from '../hooks/hook-module.ts';
import { moduleOf, name, section } from '../support/bytes.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

const utf8 = new TextEncoder();
const MAGIC = '[204,27,112,16,0,1,0,0]';
const valid = {
  magic: [204, 27, 112, 16, 0, 1, 0, 0],
  abi_envelope: 1,
  plugin_name: 'guest',
  plugin_version: '1.0.0',
};

const payload = (changes: Readonly<Record<string, unknown>> = {}): string => JSON.stringify({ ...valid, ...changes });

/** An identity section. Built without spreading, which an engine may refuse for many arguments. */
const identity = (content: string | Uint8Array): number[] => {
  const bytes = typeof content === 'string' ? utf8.encode(content) : content;
  return Array.from(customSection(IDENTITY_SECTION_NAME, bytes));
};

const modules = (...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> => moduleOf(...sections);

/** A section whose size exceeds what is left of the module. */
const truncated = [1, 100];
const emptyTypes = section(1, 0);
const otherCustom = section(0, ...name('name'), 1, 2, 3);

const reading = suite('reading an identity');

reading('from a plugin of each kind', async () => {
  for (const plugin of ['router', 'dialect', 'signer', 'observer']) {
    const found = readIdentity(await fixture(`${plugin}/${plugin}.wasm`));
    assert.equal(found.plugin_name, plugin);
    assert.equal(found.magic, [...IDENTITY_MAGIC]);
  }
});

const accepted: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, object]>> = {
  'alone in the module': [modules(identity(payload())), valid],
  'before other sections': [modules(identity(payload()), emptyTypes, otherCustom), valid],
  'after other sections': [modules(otherCustom, emptyTypes, identity(payload())), valid],
  'as an array': [modules(identity(`[${MAGIC},1,"guest","1.0.0"]`)), valid],
  'with white space': [modules(identity(` ${payload()}\n`)), valid],
  'with any abi_envelope': [
    modules(identity(payload({ abi_envelope: 4294967295 }))),
    { ...valid, abi_envelope: 4294967295 },
  ],
  'with the longest name': [
    modules(identity(payload({ plugin_name: 'a'.repeat(64) }))),
    { ...valid, plugin_name: 'a'.repeat(64) },
  ],
  'with every kind of character in the name': [
    modules(identity(payload({ plugin_name: 'a_b-0' }))),
    { ...valid, plugin_name: 'a_b-0' },
  ],
  'with the longest version, in bytes': [
    modules(identity(payload({ plugin_version: 'é'.repeat(16) }))),
    { ...valid, plugin_version: 'é'.repeat(16) },
  ],
  'of the greatest size': [modules(identity(payload().padEnd(65536))), valid],
};

for (const [title, [wasm, expected]] of Object.entries(accepted)) {
  reading(title, () => {
    assert.equal(readIdentity(wasm), expected);
    assert.equal(readModuleIdentity(new WebAssembly.Module(wasm)), expected);
  });
}

type Case = readonly [Uint8Array<ArrayBuffer>, Partial<IdentityReadFailure>];

const violation = (kind: string): Partial<IdentityReadFailure> =>
  ({ kind: 'Validation', violation: { kind } }) as Partial<IdentityReadFailure>;

const mismatch = (found: readonly number[]): Partial<IdentityReadFailure> => ({
  kind: 'MagicMismatch',
  expected: valid.magic,
  found,
});

/** Well-formed modules, which the engine also accepts. */
const refused: Readonly<Record<string, Case>> = {
  'no section': [modules(emptyTypes, otherCustom), { kind: 'MissingCustomSection' }],
  'an empty module': [modules(), { kind: 'MissingCustomSection' }],
  'a section of almost that name': [
    modules(section(0, ...name('cc_lb.plugin.v2'), ...utf8.encode(payload()))),
    { kind: 'MissingCustomSection' },
  ],
  'two sections': [modules(identity(payload()), otherCustom, identity(payload())), { kind: 'DuplicateCustomSection' }],
  'too large by a byte': [modules(identity(payload().padEnd(65537))), { kind: 'SectionTooLarge', size: 65537 }],
  'an empty payload': [modules(identity('')), { kind: 'MalformedPayload', path: '$', offset: 0 }],
  'an unknown field': [modules(identity(payload({ extra: true }))), { kind: 'MalformedPayload' }],
  'a missing field': [
    modules(identity(`{"magic":${MAGIC},"abi_envelope":1,"plugin_version":"1.0.0"}`)),
    {
      kind: 'MalformedPayload',
      path: '$.plugin_name',
      offset: 0,
      reason: 'missing field `plugin_name` in `$` (byte 0)',
      fault: {
        kind: 'MissingField',
        path: '$.plugin_name',
        offset: 0,
        expected: 'the field',
        found: 'nothing',
        field: 'plugin_name',
      },
    },
  ],
  'a repeated field': [
    modules(identity('{"abi_envelope":1,"abi_envelope":1}')),
    { kind: 'MalformedPayload', path: '$.abi_envelope', offset: 33 },
  ],
  'a magic of four bytes': [
    modules(identity(payload({ magic: [67, 67, 76, 66] }))),
    { kind: 'MalformedPayload', path: '$.magic' },
  ],
  'a byte of the magic beyond 255': [
    modules(identity(payload({ magic: [256, 0, 0, 0, 0, 0, 0, 0] }))),
    { kind: 'MalformedPayload', path: '$.magic[0]' },
  ],
  'a byte order mark': [modules(identity(`\ufeff${payload()}`)), { kind: 'MalformedPayload', path: '$', offset: 0 }],
  'bytes that are not UTF-8': [
    modules(identity(new Uint8Array([0x22, 0xff, 0x22]))),
    { kind: 'MalformedPayload', path: '$', offset: 1 },
  ],
  'another magic': [
    modules(identity(payload({ magic: [0, 1, 2, 3, 4, 5, 6, 7] }))),
    mismatch([0, 1, 2, 3, 4, 5, 6, 7]),
  ],
  'an empty name': [modules(identity(payload({ plugin_name: '' }))), violation('PluginNameEmpty')],
  'a long name': [modules(identity(payload({ plugin_name: 'a'.repeat(65) }))), violation('PluginNameInvalid')],
  'an upper-case name': [modules(identity(payload({ plugin_name: 'Guest' }))), violation('PluginNameInvalid')],
  'a name that begins with a digit': [
    modules(identity(payload({ plugin_name: '1a' }))),
    violation('PluginNameInvalid'),
  ],
  'a name that ends with a line feed': [
    modules(identity(payload({ plugin_name: 'guest\n' }))),
    violation('PluginNameInvalid'),
  ],
  'a colon in the name': [modules(identity(payload({ plugin_name: 'a:b' }))), violation('PluginNameInvalid')],
  'an empty version': [modules(identity(payload({ plugin_version: '' }))), violation('PluginVersionEmpty')],
  'a version of 33 bytes in 32 characters': [
    modules(identity(payload({ plugin_version: `${'v'.repeat(31)}é` }))),
    violation('PluginVersionTooLong'),
  ],
  // Two faults at once: the earlier check wins.
  'size before decoding': [modules(identity('x'.repeat(65537))), { kind: 'SectionTooLarge', size: 65537 }],
  'decoding before magic': [
    modules(identity(payload({ magic: [0, 0, 0, 0, 0, 0, 0, 0], extra: 1 }))),
    { kind: 'MalformedPayload' },
  ],
  'magic before name': [
    modules(identity(payload({ magic: [0, 0, 0, 0, 0, 0, 0, 0], plugin_name: '' }))),
    mismatch([0, 0, 0, 0, 0, 0, 0, 0]),
  ],
  'name before version': [
    modules(identity(payload({ plugin_name: 'A', plugin_version: '' }))),
    violation('PluginNameInvalid'),
  ],
  'the first section before a second': [
    modules(identity('x'), identity(payload())),
    { kind: 'MalformedPayload', path: '$', offset: 0 },
  ],
};

/** Modules that are not well-formed: reading stops at the first fault. */
const malformed: Readonly<Record<string, Case>> = {
  'no module': [new Uint8Array(utf8.encode('not wasm')), { kind: 'WasmParseError', offset: 0 }],
  'no bytes': [new Uint8Array(), { kind: 'WasmParseError', offset: 0 }],
  'a section past the end': [modules(truncated), { kind: 'WasmParseError' }],
  'a good identity, then a section past the end': [modules(identity(payload()), truncated), { kind: 'WasmParseError' }],
  'sections out of order after the identity': [
    modules(section(3, 0), identity(payload()), emptyTypes),
    { kind: 'WasmParseError' },
  ],
  'functions without bodies': [
    modules(identity(payload()), section(1, 1, 0x60, 0, 0), section(3, 1, 0)),
    { kind: 'WasmParseError' },
  ],
  'a bad identity before a section past the end': [
    modules(identity(payload({ plugin_name: '' })), truncated),
    violation('PluginNameEmpty'),
  ],
  'a second identity before a section past the end': [
    modules(identity(payload()), identity('x'), truncated),
    { kind: 'DuplicateCustomSection' },
  ],
  'a section without its count before the identity': [
    modules(section(5), identity(payload())),
    { kind: 'WasmParseError', offset: 10 },
  ],
  'a section without its count after the identity': [
    modules(identity(payload()), section(5)),
    { kind: 'WasmParseError' },
  ],
  'a section id of 0xff': [modules(section(0xff, 1, 2, 3), identity(payload())), { kind: 'WasmParseError', offset: 8 }],
  'bytes after a data count': [modules(section(12, 0, 0), identity(payload())), { kind: 'WasmParseError', offset: 11 }],
  'bytes after a start function': [
    modules(section(8, 0, 0), identity(payload())),
    { kind: 'WasmParseError', offset: 11 },
  ],
  'an identity before a section id of 0x80': [
    modules(identity(payload({ plugin_name: '' })), section(0x80)),
    violation('PluginNameEmpty'),
  ],
  'a section past the end before a second identity': [
    new Uint8Array([...modules(identity(payload())), 1, 100, ...identity(payload())]),
    { kind: 'WasmParseError' },
  ],
};

/** Compares the fields of the expected failure, and checks the message. */
function checkFailure(run: () => unknown, expected: Partial<IdentityReadFailure>): void {
  const failure = failureOf(IdentityReadError, run);
  assert.equal({ ...failure, ...expected }, failure);
  const { message } = new IdentityReadError(failure);
  assert.ok(message.length > 20 && !message.includes('undefined'), message);
}

const refusing = suite('refusing an identity');

for (const [title, [wasm, expected]] of Object.entries(refused)) {
  refusing(title, () => {
    checkFailure(() => readIdentity(wasm), expected);
    checkFailure(() => readModuleIdentity(new WebAssembly.Module(wasm)), expected);
  });
}

for (const [title, [wasm, expected]] of Object.entries(malformed)) {
  refusing(title, () => {
    checkFailure(() => readIdentity(wasm), expected);
  });
}

refusing('names a section that was probably meant', () => {
  const nearOf = (written: string): string | undefined => {
    const wasm = modules(section(0, ...name('producers'), 0), section(0, ...name(written), ...utf8.encode(payload())));
    return Object(failureOf(IdentityReadError, () => readIdentity(wasm))).near;
  };
  for (const near of ['cc-lb.plugin.v1', 'cc_lb.plugin.v2', 'CC_LB.Plugin', 'cclb_plugin_v1', 'cc_lb.plguin.v1'])
    assert.is(nearOf(near), near);
  for (const other of ['name', 'cc_lb.schema.filter.v1', 'clang', `cc_lb.plugin.${'x'.repeat(100)}`])
    assert.is(nearOf(other), undefined, other);
});

refusing('shows the name or version that breaks a rule, shortened', () => {
  const message = (changes: Readonly<Record<string, unknown>>): string =>
    new IdentityReadError(failureOf(IdentityReadError, () => readIdentity(modules(identity(payload(changes))))))
      .message;
  assert.match(message({ plugin_name: 'Quota Router' }), /, but it is "Quota Router"$/);
  assert.match(message({ plugin_name: 'x'.repeat(1_000) }), /, but it is "x{100}… \(900 more characters\)"$/);
  assert.match(message({ plugin_name: '' }), /the plugin name is empty$/);
});

refusing('reports the byte where the module is malformed', () => {
  const wasm = modules(identity(payload()), truncated);
  const failure = failureOf(IdentityReadError, () => readIdentity(wasm));
  assert.is(failure.kind, 'WasmParseError');
  const offset = failure.kind === 'WasmParseError' ? failure.offset : -1;
  assert.ok(offset >= wasm.length - 2 && offset <= wasm.length, String(offset));
});

refusing('a component with any content', () => {
  // The layer number in the upper half of the version makes it a component.
  const component = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...identity(payload()));
  const thrown = thrownBy(() => readIdentity(component));
  assert.ok(thrown instanceof IdentityReadError);
  const fault = { kind: 'Component', offset: 4 };
  assert.equal({ ...thrown.failure, reason: '' }, { kind: 'WasmParseError', offset: 4, reason: '', fault });
  assert.match(thrown.message, /a WebAssembly component, but a plugin is a core module/);
});

refusing('an argument that is not bytes', () => {
  for (const wasm of [[0, 0x61], 'plugin.wasm', Promise.resolve(new Uint8Array()), null]) {
    assert.throws(
      // The types refuse each of these.
      () => readIdentity(wasm as unknown as Uint8Array),
      (error: unknown) => error instanceof TypeError && /^wasm must be the bytes of a module/.test(error.message),
    );
  }
});

refusing('a magic of another length from a host', () => {
  const failure = failureOf(IdentityReadError, () => validateIdentity({ ...valid, magic: [...valid.magic, 0] }));
  assert.is(failure.kind, 'MagicMismatch');
});

refusing('the fixtures made for it', async () => {
  const kinds = {
    'no-identity': 'MissingCustomSection',
    'two-identities': 'DuplicateCustomSection',
    'wrong-magic': 'MagicMismatch',
  };
  for (const [file, kind] of Object.entries(kinds)) {
    const wasm = await fixture(`behaviour/${file}.wasm`);
    assert.is(failureOf(IdentityReadError, () => readIdentity(wasm)).kind, kind);
  }
});

refusing('a plugin of the hook ABI, with the name of the function that takes it', async () => {
  const hooks = await hookModule({ filter: 'active' }, '(func (export "cc_lb_filter"))');
  const without = new Uint8Array(await wat('(module (func (export "cc_lb_alloc")))'));
  // The kinds are those of cc-lb for such modules.
  const kinds = [
    [hooks, 'MalformedPayload'],
    [without, 'MissingCustomSection'],
  ] as const;
  for (const [wasm, kind] of kinds) {
    for (const read of [() => readIdentity(wasm), () => readModuleIdentity(new WebAssembly.Module(wasm))]) {
      const thrown = thrownBy(read);
      if (!(thrown instanceof IdentityReadError)) throw thrown;
      assert.equal([thrown.failure.kind, thrown.failure.generation], [kind, 2]);
      assert.match(
        thrown.message,
        /`admitHooks` of the entry \.\/hooks, or of \.\/prepared if it is prepared \(the .*section cc_lb\.plugin\.v1/,
      );
    }
  }
  assert.instance(Object(thrownBy(() => readIdentity(hooks))).cause, Error);
});

reading('from shared memory', () => {
  if (typeof SharedArrayBuffer === 'undefined') {
    console.log('skipped: shared memory: a browser has it in isolated pages only');
    return;
  }
  const bytes = modules(identity(payload()), otherCustom);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  assert.equal(readIdentity(shared), valid);
});

reading.run();
refusing.run();
