import { admission } from './admission.ts';
import { archives } from './archives.ts';
import { hookAdmission } from './hook-admission.ts';
import { hookAnswers } from './hook-answers.ts';
import { identity } from './identity.ts';
import { kernel } from './kernel.ts';
import { meteringModules } from './metering-modules.ts';
import { meteringPrograms } from './metering-programs.ts';
import type { Property } from './property.ts';
import { sections } from './sections.ts';
import { wireCodec } from './wire.ts';

/** All properties: one for each reader of untrusted bytes. */
export const properties: readonly Property[] = [
  sections,
  meteringModules,
  meteringPrograms,
  wireCodec,
  kernel,
  identity,
  admission,
  archives,
  hookAnswers,
  hookAdmission,
];
