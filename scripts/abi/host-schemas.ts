// The schema of what a host of plugins records.
import { type AdmittedPlugin, admittedPlugin } from '../../src/host/index.ts';
import type { PluginRegistryRecord } from '../../src/protocol/messages/index.ts';
import { pluginMetadataExample } from './hook-schemas.ts';
import type { SchemaFile } from './schema-file.ts';

/** What the records of the examples share. */
const common = {
  form_version: 1,
  principal: '__global__',
  module_sha256: 'd3c0'.repeat(16),
  package_version: '0.2.0',
} as const;

/** The file, with a record of each generation. @param record that of a plugin of generation 1. */
export function hostSchemaFile(record: PluginRegistryRecord): SchemaFile {
  const examples: readonly AdmittedPlugin[] = [
    {
      kind: 'protocol',
      ...common,
      name: 'router',
      prepared: { sha256: '90de'.repeat(16), options: 'true,false,false,linked' },
      kernel: 'linked',
      offer_sha256: '0ffe'.repeat(16),
      slots: ['router'],
      record,
    },
    {
      kind: 'hooks',
      ...common,
      name: 'cheapest',
      prepared: null,
      slot: 'filter',
      fingerprints: { filter: 'f1'.repeat(32) },
      metadata: pluginMetadataExample,
      admitted_at: record.registered_at,
    },
  ];
  return { path: 'host/admitted-plugin.json', type: admittedPlugin, title: 'AdmittedPlugin', examples };
}
