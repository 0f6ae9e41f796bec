import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Answers and exports');

hostile.run();
