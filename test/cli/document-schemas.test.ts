// What the commands print with --json of all fixtures, against the schemas in abi/schemas/cli, with
// a validator that knows nothing of either.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../src/cli/commands/index.ts';
import { thisProcess } from '../../src/cli/program/process-io.ts';
import { runProgram } from '../../src/cli/program/program.ts';
import { generationOf } from '../../src/generation/index.ts';
import { reportAdmission } from '../../src/inspection/admission-report.ts';
import { admitHookFile } from '../../src/inspection/hook-admission-report.ts';
import { whileClockStands } from '../support/environment.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { recordedIo } from './recorded-io.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cc-lb-schemas-'));
const files = fixturePaths.map((path) => join(fixtures, path));

const ajv = new Ajv2020({ strict: true, validateFormats: false });
const validators: Readonly<Record<string, ValidateFunction>> = Object.fromEntries(
  commands.map(({ name }) => {
    const path = new URL(`../../abi/schemas/cli/${name}.schema.json`, import.meta.url);
    return [name, ajv.compile(JSON.parse(readFileSync(path, 'utf8')))];
  }),
);

/** Runs a command on real files. Returns its document, which must be of its schema. */
async function documentOf(...args: readonly string[]): Promise<unknown> {
  const recorded = recordedIo();
  const { io } = thisProcess(new URL('../../', import.meta.url));
  const { stdout, stderr } = recorded;
  await runProgram({ commands, version: '' }, [...args, '--json'], { ...io, stdout, stderr });
  const document: unknown = JSON.parse(recorded.printed.stdout);
  const [command = ''] = args;
  const validate = validators[command];
  if (validate === undefined) throw new Error(`no schema of ${command}`);
  assert.ok(validate(document), `${args.join(' ')}: ${JSON.stringify(validate.errors?.slice(0, 5), null, 1)}`);
  return document;
}

const schemas = suite('the schemas of documents');
schemas.after(() => rmSync(folder, { recursive: true }));

schemas('each command has one', () => {
  const present = readdirSync(new URL('../../abi/schemas/cli/', import.meta.url)).filter((name) =>
    name.endsWith('.json'),
  );
  assert.equal(present.sort(), commands.map(({ name }) => `${name}.schema.json`).sort());
});

const onAll: readonly (readonly string[])[] = [
  ['admit', fixtures],
  ['admit', fixtures, '--slot', 'shape', '--limit', 'codeBytes=none'],
  ['inspect', fixtures, '--metered'],
  ['conformance', fixtures],
];
for (const [command = '', ...args] of onAll) {
  schemas(`${command} ${args.slice(1).join(' ')} of all fixtures`, async () => {
    // The cast: the schema says so.
    const document = (await documentOf(command, ...args)) as { files: unknown[] };
    assert.is(document.files.length, files.length);
  });
}

const functions = {
  1: ['filter', 'shape', 'normalize_error', 'observe', 'build_signer', 'sign', 'on_unauthorized'],
  2: ['filter', 'shape', 'transform_response', 'transform_sse_event'],
} as const;

schemas('dispatch of each function to each fixture', async () => {
  for (const file of files) {
    const names = functions[generationOf(readFileSync(file)) ?? 1];
    // Plugins that loop take all of a budget in each call.
    for (const name of names) await documentOf('dispatch', file, name, '--repeat', '2', '--fuel', '1000000');
  }
});

schemas('identity and prepare of each fixture', async () => {
  const out = join(folder, 'out.wasm');
  for (const file of files) {
    await documentOf('identity', file, '--name', 'n', '--version', '1', '-o', out);
    await documentOf('prepare', file, '-o', out);
  }
});

const router = join(fixtures, 'router/router.wasm');
const filter = join(fixtures, 'hooks/filter/filter.wasm');
const broken = fileURLToPath(new URL('../../package.json', import.meta.url));

/** Calls with documents of every form. */
const samples: readonly (readonly string[])[] = [
  ['admit', router],
  ['admit', filter],
  ['admit', broken],
  ['admit', router, broken, 'absent'],
  ['admit', 'absent'],
  ['inspect', router, '--metered'],
  ['inspect', filter],
  ['inspect', broken],
  ['inspect', router, 'absent'],
  ['conformance', router],
  ['conformance', filter],
  ['conformance', broken, 'absent'],
  ['dispatch', router, 'filter', '--repeat', '2'],
  ['dispatch', router, 'shape'],
  ['dispatch', broken, 'shape'],
  ['dispatch', filter, 'filter'],
  ['dispatch', filter, 'shape'],
  ['identity', router, '--name', 'n', '--version', '1', '-o', join(folder, 'named.wasm')],
  ['identity', broken, '--name', 'n', '--version', '1', '-o', join(folder, 'named.wasm')],
  ['prepare', router, '-o', join(folder, 'prepared.wasm')],
  ['prepare', broken, '-o', join(folder, 'prepared.wasm')],
  ['new', join(folder, 'router'), '--language', 'rust', '--kind', 'router'],
  ['new', join(folder, 'router'), '--language', 'cobol', '--kind', 'router'],
  ['vectors', '--layer', 'offers'],
  ['completion', 'zsh'],
];

schemas('admit where the clock stands', () => {
  const admit = validators.admit;
  const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
  const generations = whileClockStands(() => [
    { version: 1, generation: 1, logs: [], ...reportAdmission('router.wasm', bytesOf(router), {}) },
    { version: 1, generation: 2, ...admitHookFile('filter.wasm', bytesOf(filter), {}).report },
  ]);
  for (const report of generations) {
    const document: Record<string, unknown> = JSON.parse(JSON.stringify(report));
    assert.is(document.clockStood, true);
    assert.ok(admit?.(document), JSON.stringify(admit?.errors?.slice(0, 4)));
    assert.not(admit?.({ ...document, clockStood: false }));
  }
});

/** What a schema leaves to another one, or has names that are data. */
const OPEN = [
  'failure',
  'response',
  'fields',
  'labels',
  'hooks',
  'chosen_versions',
  'plugin_supported',
  'negotiated_functions',
];

/** The fields without which a document was still of its schema. */
const lacking = new Set<string>();

for (const args of samples) {
  schemas(`${args.map((arg) => arg.split('/').at(-1)).join(' ')}: no field more, and none less`, async () => {
    const document = await documentOf(...args);
    const validate = validators[args[0] ?? ''];
    for (const { path, object } of objectsIn(document, '$')) {
      object.extraField = 1;
      assert.not.ok(validate?.(document), `${path} with another field`);
      delete object.extraField;
      for (const [name, value] of Object.entries(object)) {
        delete object[name];
        if (validate?.(document))
          lacking.add(
            `${path
              .replace(/\[\d+\]/g, '')
              .split('.')
              .at(-1)}.${name}`,
          );
        object[name] = value;
      }
    }
    assert.ok(validate?.(document));
  });
}

/** The fields that may be missing, by the field that they are in: `$` is the document of a file. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  $: [
    ...[
      'accept',
      'compileMs',
      'contents',
      'error',
      'features',
      'generation',
      'identity',
      'identityError',
      'inspection',
    ],
    ...['calls', 'inspectionError', 'metadata', 'metering', 'outcome', 'output', 'preparedBytes', 'selfCheck', 'slots'],
    ...['kernel', 'preparation', 'prepared', 'warning'],
  ],
  checks: ['found', 'hint', 'measured', 'reason'],
  contents: ['start'],
  error: ['byteOffset', 'failure', 'hint', 'stack'],
  exchange: ['fuel', 'request', 'requestBytes', 'requestJson', 'response', 'responseBytes'],
  exports: ['index', 'type'],
  identityError: ['byteOffset', 'failure', 'hint'],
  layers: ['error', 'fuel'],
  measured: ['limit'],
  memories: ['maximumPages'],
  metadata: ['hooks'],
  plugin: ['name', 'version'],
  protocolFunctions: ['expected', 'type'],
  sections: ['customName'],
  steps: ['error', 'fuel', 'hook'],
};

schemas('a field that a document may lack is one of these', () => {
  const optional = Object.entries(OPTIONAL).flatMap(([parent, names]) => names.map((name) => `${parent}.${name}`));
  // `report` and `admission` hold the document of a file.
  const surprises = [...lacking].filter((name) => !optional.includes(name.replace(/^(report|admission)\./, '$.')));
  assert.ok(lacking.size > 30);
  assert.equal(surprises, []);
});

/** The objects in a document whose fields its schema knows. */
function* objectsIn(value: unknown, path: string): Generator<{ path: string; object: Record<string, unknown> }> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* objectsIn(item, `${path}[${index}]`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  // The cast: what JSON.parse has made of an object.
  yield { path, object: value as Record<string, unknown> };
  for (const [name, item] of Object.entries(value)) if (!OPEN.includes(name)) yield* objectsIn(item, `${path}.${name}`);
}

schemas.run();
