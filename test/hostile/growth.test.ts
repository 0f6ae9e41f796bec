import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Growth and huge declarations');

hostile.run();
