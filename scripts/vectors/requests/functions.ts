import {
  candidate,
  choice,
  principal,
  score,
  sentCandidate,
  sentChoice,
  sentPrincipal,
  sentRouteV2,
  sentScore,
  sentShape,
  sentShaped,
  shape,
  shaped,
  upstream,
} from '../request-texts.ts';
import type { RequestCase } from './case.ts';

/** The functions, with every type that a request can have. */
export const functionCases: readonly RequestCase[] = [
  { words: 'shape', rule: 'D-23', function: 'shape', request: shape(), sent: sentShape() },
  { words: 'shape-v1', rule: 'D-23', function: 'shape', types: 'v1', request: shape(), sent: sentShape() },
  {
    words: 'shape-v2-with-base-url',
    rule: 'T-13',
    function: 'shape',
    types: 'v2',
    request: shape(',"upstream_base_url":"https://a"'),
    sent: sentShape(',"upstream_base_url":"https://a"'),
  },
  {
    words: 'shape-v2-without-base-url',
    rule: 'J-45',
    function: 'shape',
    types: 'v2',
    request: shape(),
    sent: sentShape(),
  },
  {
    words: 'shape-v2-with-base-url-null',
    rule: 'J-45',
    function: 'shape',
    types: 'v2',
    request: shape(',"upstream_base_url":null'),
    sent: sentShape(),
  },
  {
    words: 'shape-with-headers',
    rule: 'T-22',
    function: 'shape',
    request:
      '{"request":{"request_id":"r","headers":[{"name":"n","value_base64":"dg=="},["n",""]],"method":"m","path":"p",' +
      `"query":"a=b","body_base64":"Yg=="},"upstream":${upstream},"principal":${principal}}`,
    sent:
      `{"_v":1,"principal":${sentPrincipal},"request":{"body_base64":"Yg==","headers":[{"name":"n",` +
      '"value_base64":"dg=="},{"name":"n","value_base64":""}],"method":"m","path":"p","query":"a=b",' +
      `"request_id":"r"},"upstream":${upstream}}`,
  },
  {
    words: 'normalize-error',
    rule: 'D-24',
    function: 'normalize_error',
    request: '{"status":65535,"body_base64":"Yg=="}',
    sent: '{"_v":1,"body_base64":"Yg==","status":65535}',
  },
  {
    words: 'normalize-error-v2',
    rule: 'D-24',
    function: 'normalize_error',
    types: 'v2',
    request: '{"status":0,"body_base64":""}',
    sent: '{"_v":1,"body_base64":"","status":0}',
  },
  {
    words: 'build-signer',
    rule: 'D-25',
    function: 'build_signer',
    request: `{"upstream":${upstream},"factory_state":null}`,
    sent: `{"_v":1,"factory_state":null,"upstream":${upstream}}`,
  },
  {
    words: 'sign',
    rule: 'D-26',
    function: 'sign',
    request: `{"shaped":${shaped},"signer_state":"s"}`,
    sent: `{"_v":1,"shaped":${sentShaped},"signer_state":"s"}`,
  },
  {
    words: 'on-unauthorized',
    rule: 'D-27',
    function: 'on_unauthorized',
    request: '{"error":{"status":401,"body_base64":null,"category":"retryable"},"signer_state":1}',
    sent: '{"_v":1,"error":{"body_base64":null,"category":"retryable","status":401},"signer_state":1}',
  },
  {
    words: 'observe-nothing',
    rule: 'D-28',
    function: 'observe',
    request: '{"events":[]}',
    sent: '{"_v":1,"events":[]}',
  },
  {
    words: 'observe-all-kinds',
    rule: 'T-31',
    function: 'observe',
    request:
      '{"events":[{"kind":"request_started","request_id":"r"},["authn_complete","p","k"],' +
      `{"kind":"upstream_chosen","upstream":${upstream}},` +
      '{"kind":"chunk","batch_index":18446744073709551615,"event_count":4294967296,"total_bytes":0},' +
      '{"kind":"request_finished","status":200,"input_tokens":1,"duration_ms":2},' +
      '{"kind":"error","code":"c","message":"m","source":"s"}]}',
    sent:
      '{"_v":1,"events":[{"downstream_user_agent":null,"kind":"request_started","request_id":"r"},' +
      '{"kind":"authn_complete","principal_id":"p","principal_kind":"k"},' +
      `{"kind":"upstream_chosen","upstream":${upstream}},` +
      '{"batch_index":18446744073709551615,"event_count":4294967296,"kind":"chunk","total_bytes":0},' +
      '{"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"duration_ms":2,"input_tokens":1,' +
      '"kind":"request_finished","output_tokens":null,"status":200},' +
      '{"code":"c","kind":"error","message":"m","source":"s"}]}',
  },
  { words: 'filter', rule: 'D-29', function: 'filter', request: choice(), sent: sentChoice() },
  {
    words: 'filter-with-a-candidate',
    rule: 'T-39',
    function: 'filter',
    types: 'v3',
    request: choice(candidate()),
    sent: sentChoice(sentCandidate()),
  },
  {
    words: 'filter-with-a-score',
    rule: 'T-40',
    function: 'filter',
    request: choice(
      candidate(
        `,"cache_score":${score(
          '0.5',
          ',"ambiguity_reason":"a","predicted_expires_at_unix_secs":5,"matched_breakpoint_index":6',
        )}`,
      ),
    ),
    sent: sentChoice(
      sentCandidate(
        sentScore(
          '0.5',
          '"ambiguity_reason":"a",',
          '"matched_breakpoint_index":6,',
          '"predicted_expires_at_unix_secs":5,',
        ),
      ),
    ),
  },
  { words: 'route', rule: 'D-30', function: 'route', request: choice(candidate()), sent: sentChoice(sentCandidate()) },
  {
    words: 'route-v2',
    rule: 'T-18',
    function: 'route',
    types: 'v2',
    request: choice(
      '',
      ',"cache_breakpoints":[{"block_index":0,"source":"tools","path":"p","message_index":1,"prefix_hash":"h",' +
        '"prefix_token_count":2,"requested_ttl":"ephemeral1h","origin":{"explicit":null}}],"canonical_model_id":"m"',
    ),
    sent: sentRouteV2(
      '',
      '{"block_index":0,"message_index":1,"origin":"explicit","path":"p","prefix_hash":"h","prefix_token_count":2,' +
        '"requested_ttl":"ephemeral1h","source":"tools"}',
      'm',
    ),
  },
  {
    words: 'route-v2-without-what-may-be-missing',
    rule: 'T-18',
    function: 'route',
    types: 'v2',
    request: choice(),
    sent: sentRouteV2('', '', ''),
  },
  {
    words: 'probe-of-shape-v2',
    rule: 'D-32',
    function: 'shape',
    types: 'v2',
    request:
      '{"request":{"request_id":"dry-run-request","headers":[],"method":"POST","path":"/v1/messages","query":null,' +
      '"body_base64":""},"upstream":{"kind":"anthropic_direct"},"principal":{"id":"dry-run-principal",' +
      '"kind":"api_key","claims":{}},"upstream_base_url":"https://api.anthropic.com"}',
    sent:
      '{"_v":1,"principal":{"claims":{},"id":"dry-run-principal","kind":"api_key"},"request":{"body_base64":"",' +
      '"headers":[],"method":"POST","path":"/v1/messages","query":null,"request_id":"dry-run-request"},' +
      '"upstream":{"kind":"anthropic_direct"},"upstream_base_url":"https://api.anthropic.com"}',
  },
  {
    words: 'probe-of-route-v2',
    rule: 'D-32',
    function: 'route',
    types: 'v2',
    request:
      '{"request_id":"dry-run-request","headers":[],"method":"POST","path":"/v1/messages","query":null,' +
      '"body_base64":"","principal":{"id":"dry-run-principal","kind":"api_key","claims":{}},"candidates":[]}',
    sent:
      '{"_v":1,"body_base64":"","cache_breakpoints":[],"candidates":[],"canonical_model_id":"","headers":[],' +
      '"method":"POST","path":"/v1/messages","principal":{"claims":{},"id":"dry-run-principal","kind":"api_key"},' +
      '"query":null,"request_id":"dry-run-request"}',
  },
];
