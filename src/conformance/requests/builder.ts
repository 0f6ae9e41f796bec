import { encodeBase64 } from '../../base64.ts';

/** Bytes, or a text, which is encoded in UTF-8. */
export type Content = string | Uint8Array;

/** Encodes bytes in standard base64, for the fields `..._base64`. */
export function base64(content: Content): string {
  return encodeBase64(typeof content === 'string' ? new TextEncoder().encode(content) : content);
}

/**
 * A request under construction. Each setter returns a new builder and leaves this one unchanged, so
 * several requests can start from one builder.
 */
export abstract class RequestBuilder<Req extends object> {
  protected readonly request: Req;

  /** @param request the fields to start from. */
  constructor(request: Req) {
    this.request = request;
  }

  /** The request. */
  build(): Req {
    return this.request;
  }

  /** Sets any field by its name on the wire. */
  set<Name extends keyof Req>(name: Name, value: Req[Name]): this {
    // `name` is a key of Req, and `value` has the type of that key.
    return this.with({ [name]: value } as unknown as Partial<Req>);
  }

  /** A builder of the same class with some fields changed. */
  protected with(changes: Partial<Req>): this {
    // Every subclass inherits this constructor, whose only parameter is the request.
    const Same = this.constructor as new (request: Req) => this;
    return new Same({ ...this.request, ...changes });
  }
}
