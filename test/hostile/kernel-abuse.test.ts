import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('kernel functions');

hostile.run();
