import type { WrittenVector } from '../layer-vectors.ts';
import { type Case, jsonVectors } from './case.ts';

/**
 * An enum of strings, or a union whose variants have no fields: the anchor of its row, its type,
 * its names, and another name.
 */
type Names = readonly [rule: string, type: string, names: readonly string[], wrong: string];

const enums: readonly Names[] = [
  ['J-23', 'PluginSlot', ['router', 'observability_hook', 'shape'], 'filter'],
  ['J-23', 'SelfCheckStatus', ['success', 'failure'], 'error'],
  [
    'J-23',
    'SelfCheckStage',
    ['request_preparation', 'wire_function_test', 'capability_verification', 'response_validation'],
    'request',
  ],
  ['T-26', 'v1.UpstreamErrorCategory', ['unauthorized', 'retryable', 'failed'], 'fail'],
  ['T-42', 'v2.TtlClassWire', ['ephemeral5m', 'ephemeral1h'], 'ephemeral_5m'],
  ['T-41', 'v2.BreakpointOriginWire', ['explicit', 'auto_cache_inferred'], 'inferred'],
  ['T-41', 'v2.CacheBreakpointSourceWire', ['tools', 'system', 'message'], 'messages'],
];

const unions: readonly Names[] = [
  ['T-24', 'v1.UpstreamWire', ['anthropic_direct'], 'anthropic'],
  ['T-25', 'v1.DialectBinding', ['self'], 'self_referenced'],
  ['T-31', 'v1.ObserveEventWire', [], 'request_ended'],
];

const quoted = (name: string): string => `"${name}"`;
const tagged = (name: string): string => `{"kind":"${name}"}`;

const namesOf =
  (around: (name: string) => string) =>
  ([rule, type, names, wrong]: Names): readonly WrittenVector[] =>
    jsonVectors({ rule, type, id: type }, [
      ...names.map((name): Case => [name, around(name), around(name)]),
      ['unknown-name', around(wrong), null],
      ['empty-name', around(''), null],
    ]);

/** The names of all enums. */
export const enumVectors: readonly WrittenVector[] = [
  ...enums.flatMap(namesOf(quoted)),
  ...unions.flatMap(namesOf(tagged)),
  ...jsonVectors({ rule: 'T-38', type: 'v1.ObserveEventWire', id: 'usize' }, [
    [
      'beyond-32-bits',
      '{"kind":"chunk","batch_index":0,"event_count":4294967296,"total_bytes":4294967296}',
      '{"kind":"chunk","batch_index":0,"event_count":4294967296,"total_bytes":4294967296}',
    ],
  ]),
];
