// Lets Node 20, which cannot strip types by itself, import the project's TypeScript files as they
// are:
//   node --import ./scripts/typescript.mjs file.ts
// On a newer Node, on Deno and on Bun it does nothing.
import { register } from 'node:module';

if (!process.features.typescript) register('./typescript-hooks.mjs', import.meta.url);
