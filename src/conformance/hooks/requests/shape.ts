import type { ShapeRequest } from '../../../hooks/messages/shape.ts';
import { binaryBody } from '../../exercises.ts';
import {
  bodyForms,
  header,
  headerForms,
  manyClaims,
  messageBody,
  oddHeaders,
  PATH,
  principal,
  principalForms,
  targetForms,
  upstream,
  upstreamForms,
} from './common.ts';
import { FULL, oneRequest, type RequestForm, SAMPLE } from './form.ts';

/** The requests of `shape`. */
export function shapeForms(): readonly RequestForm<ShapeRequest>[] {
  const sample: ShapeRequest = {
    request_id: '',
    method: 'POST',
    path: PATH,
    query: null,
    headers: [header('content-type', 'application/json')],
    body: messageBody(),
    principal,
    upstream,
  };
  return [
    oneRequest(SAMPLE, 'the sample', 'Answer an ordinary request for an upstream without a base URL.', sample),
    oneRequest(FULL, 'a request with every option set', 'Read every field of the request.', {
      ...sample,
      query: 'beta=true',
      headers: oddHeaders(),
      body: binaryBody,
      principal: { ...principal, claims: manyClaims() },
      upstream: { kind: 'AnthropicDirect', base_url: 'https://example.test/base' },
    }),
    upstreamForms(sample),
    targetForms(sample),
    ...headerForms((headers) => ({ ...sample, headers })),
    ...principalForms(sample),
    ...bodyForms(sample),
  ];
}
