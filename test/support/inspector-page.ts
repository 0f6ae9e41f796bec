import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The inspector as a person has it, and what ends it. */
export interface InspectorPlaces {
  /** The document. */
  readonly html: string;
  /** Its address as a file of this machine. */
  readonly disk: string;
  /** Its address as `npm run inspector` serves it. */
  readonly loopback: string;
  /** Ends the server, and removes the file. */
  readonly close: () => Promise<void>;
}

/**
 * Builds the inspector, writes it to a file, and serves it. The folder `dist` is left as it is:
 * other tests may build it at the same time.
 */
export async function inspectorPlaces(): Promise<InspectorPlaces> {
  // Loaded here, because esbuild is of use only where there is a browser for the page.
  const { buildInspector } = await import('../../scripts/inspector/build.ts');
  const { servePage } = await import('../../scripts/inspector/serve.ts');
  const { html } = await buildInspector();
  const folder = await mkdtemp(join(tmpdir(), 'inspector-'));
  const file = join(folder, 'inspector.html');
  await writeFile(file, html);
  const { server, address } = await servePage(html, 0);
  return {
    html,
    disk: pathToFileURL(file).href,
    loopback: address,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
