import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Custom sections');

hostile.run();
