import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('answers and exports');

hostile.run();
