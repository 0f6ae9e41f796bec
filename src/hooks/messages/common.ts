import { bytes, enumeration, list, option, string, struct } from '../archive/declare.ts';
import type { InferArchive } from '../archive/type.ts';

/** A statement about a principal. Its value is JSON text as bytes. */
export const Claim = struct('Claim', { key: string, value: bytes });
/** The TypeScript type of {@link Claim}. */
export type Claim = InferArchive<typeof Claim>;

/** Who makes a request. */
export const Principal = struct('Principal', { id: string, kind: string, claims: list(Claim) });
/** The TypeScript type of {@link Principal}. */
export type Principal = InferArchive<typeof Principal>;

/** One header. */
export const Header = struct('Header', { name: string, value: bytes });
/** The TypeScript type of {@link Header}. */
export type Header = InferArchive<typeof Header>;

/** Where a request goes. */
export const Upstream = enumeration('Upstream', { AnthropicDirect: { base_url: option(string) } });
/** The TypeScript type of {@link Upstream}. */
export type Upstream = InferArchive<typeof Upstream>;
