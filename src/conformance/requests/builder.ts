/** Bytes, or text that stands for its UTF-8. */
export type Content = string | Uint8Array;

/** The standard base64 of bytes, as the fields `..._base64` hold it. */
export function base64(content: Content): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}

/**
 * A request under construction. Each setter gives a new builder and leaves this one as it was, so that a half-made request can be the start of
 * several.
 */
export abstract class RequestBuilder<Req extends object> {
  protected readonly request: Req;

  /** @param request where it starts from. */
  constructor(request: Req) {
    this.request = request;
  }

  /** The request. */
  build(): Req {
    return this.request;
  }

  /** Sets any field by its name on the wire. */
  set<Name extends keyof Req>(name: Name, value: Req[Name]): this {
    return this.with({ [name]: value } as unknown as Partial<Req>); // The name is a key of Req and the value of that key's type.
  }

  /** A builder of the same class with some fields changed. */
  protected with(changes: Partial<Req>): this {
    // Every subclass takes over this constructor, which takes the request alone.
    const Same = this.constructor as new (request: Req) => this;
    return new Same({ ...this.request, ...changes });
  }
}
