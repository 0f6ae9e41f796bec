/**
 * Makes a response that says when it has ended: when its body was sent, broke off, or was given up
 * because the client went away.
 *
 * @param gone aborts when the client goes away.
 * @param ended is called once.
 */
export function withEnd(response: Response, gone: AbortSignal, ended: () => void): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) {
    ended();
    return response;
  }
  const reader = body.getReader();
  let isEnded = false;
  const end = (): void => {
    if (!isEnded) ended();
    isEnded = true;
    gone.removeEventListener('abort', giveUp);
  };
  // A server need not cancel the body of a response that it has not begun to send.
  const giveUp = (): void => {
    reader
      .cancel(gone.reason)
      .catch(() => undefined)
      .finally(end);
  };
  gone.addEventListener('abort', giveUp);
  if (gone.aborted) giveUp();
  const passing: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel(reason) {
      await reader.cancel(reason).finally(end);
    },
  };
  return new Response(new ReadableStream(passing, { highWaterMark: 0 }), { status, statusText, headers });
}
