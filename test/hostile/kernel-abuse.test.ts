import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Kernel functions');

hostile.run();
