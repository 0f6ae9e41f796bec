// Says what keeps a tag from being published, before anything is installed (Node 24 or newer):
//   node scripts/docs/release-check.ts v0.2.0
// Ends with exit code 1 if something does.
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The texts of the files that a release must have right. */
export interface ReleaseFiles {
  readonly manifest: string;
  readonly jsr: string;
  readonly lock: string;
  readonly changelog: string;
}

/** Stands for the owner of the repository until RELEASING.md's first step is done. */
const PLACEHOLDER = 'github.com/OWNER/';

const versionOf = (json: string): unknown => Object(JSON.parse(json)).version;

/**
 * Finds what keeps a version from being published.
 *
 * @param tag the git tag: `v` and the version
 * @returns one sentence for each fault; none if it can be published
 */
export function releaseFaults(tag: string, { manifest, jsr, lock, changelog }: ReleaseFiles): string[] {
  const version = tag.replace(/^v/, '');
  const faults: string[] = [];
  if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(tag)) faults.push(`the tag ${tag} must be v and a version, such as v1.2.3`);
  for (const [name, text] of Object.entries({ 'package.json': manifest, 'package-lock.json': lock, 'jsr.json': jsr })) {
    if (versionOf(text) !== version) faults.push(`${name} has the version ${versionOf(text)}, the tag ${version}`);
  }
  if (manifest.includes(PLACEHOLDER)) faults.push(`package.json names the placeholder ${PLACEHOLDER}`);
  if (!new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm').test(changelog)) {
    faults.push(`CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD"`);
  }
  return faults;
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const faults = releaseFaults(process.argv[2] ?? '', {
    manifest: read('package.json'),
    jsr: read('jsr.json'),
    lock: read('package-lock.json'),
    changelog: read('CHANGELOG.md'),
  });
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
