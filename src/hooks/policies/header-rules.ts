/**
 * Names of headers in lower case, each with a word of why it is in the table. A name that ends with
 * `*` stands for all names that begin so.
 */
export type HeaderRules = Readonly<Record<string, string>>;

/** What plugins do not see of requests and responses. */
export const HIDDEN_HEADERS: HeaderRules = {
  authorization: 'a credential',
  'x-api-key': 'a credential',
  'proxy-authorization': 'a credential',
  host: 'the name of this host: the upstream has another',
};

/** What plugins do not see either if cookies are redacted. */
export const HIDDEN_COOKIES: HeaderRules = {
  cookie: 'a credential of a browser',
};

/**
 * What belongs to one connection (RFC 9110, section 7.6.1). The names that a `Connection` header
 * lists belong to it too.
 */
export const HOP_BY_HOP_HEADERS: HeaderRules = {
  connection: 'lists other headers of the connection',
  'keep-alive': 'how long the connection stays open',
  'proxy-authenticate': 'asks the next hop to authenticate',
  'proxy-authorization': 'a credential for the next hop',
  'proxy-connection': 'an old form of connection',
  te: 'which transfer encodings the next hop may use',
  trailer: 'names headers after a chunked body',
  'transfer-encoding': 'how the body is sent over the connection',
  upgrade: 'asks for another protocol',
};

/** What nobody but the code that sends a request to the upstream can set, not even a signer. */
export const SENDER_HEADERS: HeaderRules = {
  host: 'follows from the URL',
  'content-length': 'follows from the body',
  'accept-encoding': 'names what fetch can decode, not what the client can',
  expect: 'the body is there already; some runtimes refuse to send it',
};

/** What a request to the upstream takes neither from a plugin nor from the client. */
export const HOST_REQUEST_HEADERS: HeaderRules = {
  ...SENDER_HEADERS,
  authorization: 'the host adds the credential of the upstream',
  'x-api-key': 'the host adds the credential of the upstream',
};

/** What a request to the upstream does not take from a plugin. */
export const SHAPE_DROPPED_HEADERS: HeaderRules = {
  ...HOST_REQUEST_HEADERS,
  'x-anthropic-*': 'reserved for the upstream and the host',
};

/** What a transformed response does not have, whether the plugin or the upstream wrote it. */
export const RESPONSE_DROPPED_HEADERS: HeaderRules = {
  'x-cc-lb-*': 'reserved for the host',
  'anthropic-ratelimit-*': "limits of the upstream's account",
  'x-ratelimit-*': "limits of the upstream's account",
  'content-length': 'follows from the new body',
  'content-encoding': 'the body is decoded',
  'transfer-encoding': 'how the old body was sent',
};

/**
 * Whether a table has a header.
 *
 * @param name in lower case.
 */
export function hasHeader(rules: HeaderRules, name: string): boolean {
  if (Object.hasOwn(rules, name)) return true;
  return Object.keys(rules).some((rule) => rule.endsWith('*') && name.startsWith(rule.slice(0, -1)));
}
