import { undispatched } from '../dispatch/ends.ts';
import type { LayerVectors, WrittenVector } from '../layer-vectors.ts';
import { sign } from '../request-texts.ts';
import type { RequestCase } from './case.ts';
import { functionCases } from './functions.ts';
import { formCases, refusalCases } from './reading.ts';
import { valueCases, versionCases } from './values.ts';

function vectorOf({ words, version = 1, sent, ...given }: RequestCase): WrittenVector {
  const ends = sent === undefined ? undispatched('RequestValue') : { request: sent };
  return { id: `requests/${words}`, ...given, version, ends };
}

/** What a host sends. */
export const requests: LayerVectors = {
  layer: 'requests',
  about: 'The exact characters of the requests of a dispatch, and requests that are refused.',
  vectors: [
    ...[functionCases, valueCases, versionCases, formCases, refusalCases].flat().map(vectorOf),
    {
      id: 'requests/version-4294967296',
      rule: 'D-11',
      function: 'sign',
      version: 4_294_967_296,
      request: sign('null'),
      ends: undispatched('SerializeRequestEnvelope'),
    },
    {
      id: 'requests/wrong-request-and-wrong-version',
      rule: 'D-9',
      about: 'The request is checked before the version is written.',
      function: 'sign',
      version: 4_294_967_296,
      request: '{}',
      ends: undispatched('RequestValue'),
    },
  ],
};
