import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Endless loops');

hostile.run();
