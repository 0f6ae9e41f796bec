import { OpaqueJson } from '../opaque-json.ts';
import { refuseType } from '../text/decode-refusal.ts';
import type { JsonNode } from '../text/node.ts';

/** Decodes any value, and keeps it as text. */
export function decodeOpaque(node: JsonNode): OpaqueJson {
  return OpaqueJson.ofNode(node);
}

/** As {@link decodeOpaque}, but objects only. */
export function decodeOpaqueObject(node: JsonNode): OpaqueJson {
  return node.kind === 'object' ? OpaqueJson.ofNode(node) : refuseType(node, 'an object');
}
