import { HookPolicyError, readBody } from '../../hooks/index.ts';
import { checkUnread } from '../../hooks/policies/body-chunks.ts';
import { HttpMessageError } from './message-error.ts';

/**
 * Reads the body of a message, up to a limit. A body that says that it is larger is not read.
 *
 * @param max the most bytes.
 * @throws HttpMessageError `BodyTooLarge` or `BodyInterrupted`. TypeError if it was read before.
 */
export async function readMessageBody(
  message: Request | Response,
  max: number,
  of: 'request' | 'response',
): Promise<Uint8Array<ArrayBuffer>> {
  if (message.body !== null) {
    checkUnread(message);
    if (declaredLength(message.headers) > max) {
      // Not awaited: a clone's body is cancelled only when the original's is.
      message.body.cancel().catch(() => undefined);
      throw new HttpMessageError({ kind: 'BodyTooLarge', max });
    }
  }
  try {
    return await readBody(message, max);
  } catch (error) {
    if (error instanceof HookPolicyError) throw new HttpMessageError(error.failure, { cause: error });
    throw new HttpMessageError({ kind: 'BodyInterrupted', of }, { cause: error });
  }
}

/** Returns 0 if the headers have no length of a body, or a malformed one. */
function declaredLength(headers: Headers): number {
  const text = headers.get('content-length') ?? '';
  return /^\d+$/.test(text) ? Number(text) : 0;
}
