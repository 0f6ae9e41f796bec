import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('custom sections');

hostile.run();
