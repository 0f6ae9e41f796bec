// The JSON Schemas under abi/schemas/, made from the declarations in src.
import * as wireModule from '../../src/protocol/messages/index.ts';
import {
  type Declaration,
  encodeJson,
  type WireFunction,
  wire,
  wireSamples,
  wireTypes,
} from '../../src/protocol/messages/index.ts';
import { readDescriptions } from './descriptions.ts';
import { examples, registryRecordExample } from './examples.ts';
import { hookSchemaFiles } from './hook-schemas.ts';
import { hostSchemaFile } from './host-schemas.ts';
import { kebab, type SchemaFile } from './schema-file.ts';
import { schemaOf } from './schema-of.ts';

/** Stands before the digits of a `bigint` until its quotation marks are taken off. */
const EXACT = '\u0000';

/** A declaration with a name of its own. */
type Named = Extract<Declaration, { kind: 'struct' | 'taggedUnion' | 'stringEnum' }>;

const isNamed = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && Reflect.has(value, 'kind') && Reflect.has(value, 'name')
    ? ['struct', 'taggedUnion', 'stringEnum'].includes(String(Reflect.get(value, 'kind')))
    : false;

/**
 * Every type that has a schema; one that a version has from an earlier version is only there once.
 */
export const schemaFiles: readonly SchemaFile[] = distinct([
  ...Object.values(wireModule)
    .filter(isNamed)
    .map((type) => fileOf('', type, examples[type.name] ?? [])),
  ...Object.entries({ v1: wire.v1, v2: wire.v2, v3: wire.v3 }).flatMap(([version, functions]) => [
    ...Object.values<WireFunction<unknown, unknown>>(functions).flatMap((one) => filesOfFunction(version, one)),
    ...Object.values<Declaration>(wireTypes[version as keyof typeof wireTypes])
      .filter(isNamed)
      .map((type) => fileOf(`${version}/types/`, type, samplesOf(type))),
  ]),
  ...hookSchemaFiles,
  hostSchemaFile(registryRecordExample),
]);

function fileOf(folder: string, type: Named, values: readonly unknown[]): SchemaFile {
  return { path: `${folder}${kebab(type.name)}.json`, type, title: type.name, examples: values };
}

function filesOfFunction(version: string, fn: WireFunction<unknown, unknown>): SchemaFile[] {
  const name = `${version}/${kebab(fn.name)}`;
  const title = `${fn.name} of ${version}`;
  const { request, response } = fn.schemas;
  return [
    { path: `${name}-request.json`, type: request, title: `${title}: request`, examples: [fn.dryRunRequest()] },
    { path: `${name}-response.json`, type: response, title: `${title}: response`, examples: [fn.dryRunResponse()] },
  ];
}

function samplesOf({ name }: Named): unknown[] {
  const sample = Object.entries(wireSamples).find(([other]) => other === name)?.[1];
  return sample === undefined ? [] : [sample()];
}

function distinct(files: readonly SchemaFile[]): SchemaFile[] {
  return files.filter(({ type }, index) => files.findIndex((other) => other.type === type) === index);
}

const descriptions = await readDescriptions();

/** The texts of all schemas, by their paths from abi/schemas/ on. */
export const schemaTexts: Readonly<Record<string, string>> = Object.fromEntries(
  schemaFiles.map((file) => [file.path, textOf(file)]),
);

function textOf({ path, type, title, examples }: SchemaFile): string {
  const id = path.replace(/\.json$/, '').replaceAll('/', ':');
  return exactJson({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:cc-lb-runtime-protocol:schema:${id}`,
    title,
    ...schemaOf(type, descriptions),
    // As the codec writes them, which also shows that they are of the type.
    ...(examples.length === 0
      ? {}
      : { examples: examples.map((value) => JSON.parse(encodeJson(type, value, 'declared'))) }),
  });
}

/** Writes JSON with two spaces, in which a `bigint` is an integer with all its digits. */
export function exactJson(value: object): string {
  const text = JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${EXACT}${item}` : item), 2);
  return `${text.replace(/"\\u0000(-?\d+)"/g, '$1')}\n`;
}
