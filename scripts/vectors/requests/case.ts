/** A request: a few words on it, its function, the text that the host reads, and what it sends. */
export interface RequestCase {
  readonly words: string;
  readonly rule: string;
  readonly function: string;
  readonly types?: string;
  readonly version?: number;
  readonly request: string;
  /** Nothing: the request is refused. */
  readonly sent?: string;
}
