// What the worker's requests reach here instead of the internet: an API that answers with what it
// was asked. A model named `limited` is refused, with a text that is not JSON.

// biome-ignore lint/style/noDefaultExport: a worker is the default export of its first module
export default {
  async fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const body = await request.text();
    const { model } = JSON.parse(body);
    if (model === 'limited') return new Response('slow down', { status: 429 });
    return Response.json({
      upstream: hostname,
      path: pathname,
      key: request.headers.get('x-api-key'),
      version: request.headers.get('anthropic-version'),
      bodyBytes: body.length,
    });
  },
};
