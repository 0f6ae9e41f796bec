import { choice, shape, sign, upstream } from '../request-texts.ts';

/** A wire function with texts of its messages. */
export interface WireFunctionCase {
  readonly name: string;
  /** The anchor of its row. */
  readonly rule: string;
  readonly fallback: string;
  readonly request: string;
  /** The fields of an answer but `_v`. */
  readonly answer: string;
  /** The response that follows from the answer. */
  readonly response: string;
}

/** All functions. */
export const functions: readonly WireFunctionCase[] = [
  {
    name: 'shape',
    rule: 'D-23',
    fallback: 'fail_request',
    request: shape(),
    answer: '"method":"m","url":"u","body_base64":"","headers":[["n","v"]]',
    response: '{"url":"u","method":"m","headers":[{"name":"n","value_base64":"v"}],"body_base64":""}',
  },
  {
    name: 'normalize_error',
    rule: 'D-24',
    fallback: 'pass_through',
    request: '{"status":500,"body_base64":""}',
    answer: '"body_base64":"b"',
    response: '{"body_base64":"b"}',
  },
  {
    name: 'build_signer',
    rule: 'D-25',
    fallback: 'fail_request',
    request: `{"upstream":${upstream},"factory_state":null}`,
    answer: '"signer_state":{"b":1.0,"a":18446744073709551615}',
    response: '{"signer_state":{"a":18446744073709551615,"b":1.0}}',
  },
  {
    name: 'sign',
    rule: 'D-26',
    fallback: 'fail_request',
    request: sign('null'),
    answer: '"url":"u"',
    response: '{"url":"u","method":null,"headers":null,"body_base64":null}',
  },
  {
    name: 'on_unauthorized',
    rule: 'D-27',
    fallback: 'pass_through',
    request: '{"error":{"status":401,"body_base64":null,"category":"unauthorized"},"signer_state":null}',
    answer: '"decision":"retry","signer_state":null',
    response: '{"decision":"retry","signer_state":null}',
  },
  { name: 'observe', rule: 'D-28', fallback: 'silent_skip', request: '{"events":[]}', answer: '', response: '{}' },
  {
    name: 'filter',
    rule: 'D-29',
    fallback: 'use_default',
    request: choice(),
    answer: '"results":[["u","accept","r"],{"reason":"","decision":"reject","upstream_id":"v"}]',
    response:
      '{"results":[{"upstream_id":"u","decision":"accept","reason":"r"},' +
      '{"upstream_id":"v","decision":"reject","reason":""}]}',
  },
  {
    name: 'route',
    rule: 'D-30',
    fallback: 'use_default',
    request: choice(),
    answer: `"upstream_id":"u","dialect":["self"],"upstream":{"kind":"anthropic_direct","more":1}`,
    response: `{"upstream_id":"u","dialect":{"kind":"self"},"upstream":${upstream}}`,
  },
];

/**
 * Finds a function.
 *
 * @throws Error if there is none of that name.
 */
export function functionNamed(name: string): WireFunctionCase {
  const found = functions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no wire function is named ${name}`);
  return found;
}
