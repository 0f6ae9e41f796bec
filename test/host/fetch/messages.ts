import { encodeBase64 } from '../../../src/base64.ts';
import { HttpMessageError, type HttpMessageFailure } from '../../../src/host/index.ts';
import type { HeaderWire } from '../../../src/protocol/messages/index.ts';

/** The bytes of a text in UTF-8. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** A text in UTF-8 as base64. */
export const base64Of = (text: string): string => encodeBase64(bytesOf(text));

/** Headers as plugins of generation 1 write them. Values are written as UTF-8. */
export const headersOf = (entries: readonly (readonly [name: string, value: string])[]): HeaderWire[] =>
  entries.map(([name, value]) => ({ name, value_base64: base64Of(value) }));

/** A body that sends chunks, and then fails or never ends. */
export function streamOf(
  chunks: readonly string[],
  end: 'closes' | 'fails' | 'stays open',
  cancelled: () => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = [...chunks];
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = rest.shift();
        if (chunk !== undefined) return controller.enqueue(bytesOf(chunk));
        if (end === 'closes') controller.close();
        if (end === 'fails') controller.error(new Error('the connection broke'));
        return end === 'stays open' ? new Promise<void>(() => undefined) : undefined;
      },
      cancel: cancelled,
    },
    { highWaterMark: 0 },
  );
}

/** Returns the failure of work that throws or rejects. Throws whatever else happens. */
export async function messageFailureOf(work: () => unknown): Promise<HttpMessageFailure> {
  try {
    await work();
  } catch (error) {
    if (error instanceof HttpMessageError) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}
