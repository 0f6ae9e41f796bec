// The schemas of the hook ABI: the JSON form of its messages, and the metadata of a plugin.
import { type HookName, hooks } from '../../src/hooks/hook.ts';
import type {
  ArchiveDeclaration,
  FilterResponse,
  ShapeResponse,
  TransformResponseResult,
  TransformSseEventResult,
} from '../../src/hooks/index.ts';
import { jsonFormOf } from '../../src/hooks/json-form.ts';
import { type PluginMetadata, pluginMetadata } from '../../src/hooks/metadata.ts';
import { kebab, type SchemaFile } from './schema-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const headers = [{ name: 'content-type', value: bytes('application/json') }];

/** Answers of each hook. */
const responses = {
  filter: [{ results: [{ upstream_id: 'a', decision: 'accept', reason: 'the cheapest' }] } satisfies FilterResponse],
  shape: [
    { url: 'https://example.test/v1/messages', method: 'POST', headers, body: bytes('{}') } satisfies ShapeResponse,
  ],
  transform_response: [
    { kind: 'Unchanged' } satisfies TransformResponseResult,
    { kind: 'Replace', status: 201, headers: null, body: bytes('{}') } satisfies TransformResponseResult,
  ],
  transform_sse_event: [
    { kind: 'Drop' } satisfies TransformSseEventResult,
    { kind: 'Replace', events: [{ event: 'ping', data: bytes('{}') }] } satisfies TransformSseEventResult,
  ],
} satisfies Record<HookName, readonly unknown[]>;

/** The metadata of a plugin. */
export const pluginMetadataExample = {
  name: 'example-filter',
  version: '0.1.0',
  description: 'Keeps the cheapest candidates',
  usage: 'Register it in the slot filter',
  hooks: {
    filter: {
      wire_version: 1,
      description: 'Keeps the cheapest candidates',
      usage: 'Called for each request',
      mode: 'active',
    },
  },
} satisfies PluginMetadata;

/** The files, in the order of the hooks. */
export const hookSchemaFiles: readonly SchemaFile[] = [
  ...hooks.flatMap(({ name, request, response, sample }) => [
    fileOf(request, [sample()]),
    fileOf(response, responses[name]),
  ]),
  {
    path: 'hooks/plugin-metadata.json',
    type: pluginMetadata,
    title: 'PluginMetadata',
    examples: [pluginMetadataExample],
  },
];

function fileOf(message: ArchiveDeclaration, examples: readonly unknown[]): SchemaFile {
  if (message.kind !== 'struct' && message.kind !== 'enum') throw new Error(`a message is a ${message.kind}`);
  const { type, plain } = jsonFormOf(message);
  const { name } = message;
  return { path: `hooks/${kebab(name)}.json`, type, title: `${name} (hooks)`, examples: examples.map(plain) };
}
