import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('host functions');

hostile.run();
