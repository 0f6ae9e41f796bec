import { decodeNode, parseEnvelope, takeEntry } from '../../protocol/messages/index.ts';
import type { AnyWireFunction } from '../../protocol/messages/wire-versions.ts';

/**
 * Reads a request of a wire function as the command line does. The host adds `_v`, so a text has it
 * or not.
 *
 * @throws JsonDecodeError if the text is not a request of the function.
 */
export function decodeWireRequest({ schemas }: AnyWireFunction, text: string): unknown {
  const node = parseEnvelope(text);
  return decodeNode(schemas.request, node.kind === 'object' ? takeEntry(node, '_v').rest : node, 'refused');
}
