import { generationOf } from '../../src/generation/index.ts';
import { admitHooks } from '../../src/hooks/index.ts';
import { admit, buildPlugin } from '../../src/index.ts';
import type { ModuleSource } from '../../src/module-source.ts';
import type { ExchangeFunctions } from './exchange.ts';

/** The functions that take bytes too. */
export const rootFunctions: ExchangeFunctions<ModuleSource> = { admit, admitHooks, buildPlugin, generationOf };
