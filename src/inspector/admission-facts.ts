import { printable } from '../printable.ts';
import type { AdmissionResult } from './worker/admission.ts';

/** What a reader learns of a plugin at once: a name, and a text that is safe to show. */
export type AdmissionFact = readonly [name: string, text: string];

/**
 * What an admission found out about a plugin: who it is, and what it does for a host. What the
 * admission did not get to is left out.
 */
export function admissionFacts(result: AdmissionResult): readonly AdmissionFact[] {
  return result.generation === 1 ? factsOfPlugin(result.report) : factsOfHooks(result.report);
}

type ReportOf<Generation> = Extract<AdmissionResult, { readonly generation: Generation }>['report'];

function factsOfPlugin({ identity, accept, slots }: ReportOf<1>): readonly AdmissionFact[] {
  const facts: AdmissionFact[] = [];
  if (identity !== undefined) facts.push(['Plugin', nameAndVersion(identity.plugin_name, identity.plugin_version)]);
  if (accept !== undefined) {
    const functions = Object.entries(accept.chosen_versions).map(([name, version]) => `${name} (version ${version})`);
    facts.push(['Functions', enumerated(functions)]);
    facts.push(['Slots', enumerated(slots ?? [])]);
    facts.push(['Capabilities', enumerated(accept.required_capabilities)]);
  }
  return facts;
}

function factsOfHooks({ inspection }: ReportOf<2>): readonly AdmissionFact[] {
  if (inspection === undefined) return [];
  const { metadata, hooks, warnings } = inspection;
  const described = hooks.map(({ name, mode, wireVersion }) => `${name} (${mode}, version ${wireVersion})`);
  return [
    ['Plugin', nameAndVersion(metadata.name, metadata.version)],
    ['Hooks', enumerated(described)],
    ['Warnings', warnings.length === 0 ? 'none' : `${warnings.length}, see Contents`],
  ];
}

function nameAndVersion(name: string, version: string): string {
  return `${printable(name, 100)} ${printable(version, 100)}`;
}

function enumerated(names: readonly string[]): string {
  return names.length === 0 ? 'none' : printable(names.join(', '));
}
