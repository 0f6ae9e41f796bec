// One gateway of several, as a process. Arguments: the address of the store, the URL of the
// upstream. Prints the URLs of its two sides as one line of JSON when it serves.
import { createGateway } from '../../gateway.ts';
import { serve } from '../../serve.ts';
import { openStore } from '../../store/open.ts';
import { CLIENT_KEY, TOKEN } from './traffic.ts';

const [address = '', baseUrl = ''] = process.argv.slice(2);
const LOOPBACK = { hostname: '127.0.0.1', port: 0 };
const unlimited = { wallMs: Number.POSITIVE_INFINITY };

// The database is away now and then: that is what the test is about.
const quiet = (): void => undefined;

const store = await openStore(address, { onError: quiet });
const gateway = await createGateway({
  upstreams: [
    { id: '6f1c0d52-0000-4000-8000-000000000001', name: 'echo', kind: 'anthropic_api_key', baseUrl, apiKey: 'k' },
  ],
  clients: new Map([[CLIENT_KEY, { id: 'a', kind: 'api_key', claims: {} }]]),
  token: TOKEN,
  store,
  // Without deadlines, as a busy machine needs.
  plugins: { handshake: unlimited, selfCheck: unlimited },
  log: quiet,
});
const [proxy, admin] = [await serve(gateway.proxy.fetch, LOOPBACK), await serve(gateway.admin.fetch, LOOPBACK)];
process.stdout.write(`${JSON.stringify({ proxy: proxy.url, admin: admin.url })}\n`);
