// Each check refers to a heading or a rule of abi/PROTOCOL.md or abi/HOOKS.md. The chapter of
// abi/PROTOCOL.md for authors names the checks of each of its rules.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anchorsOf, ruleAnchorsOf } from '../../scripts/docs/links.ts';
import { groupOf } from '../../src/conformance/answers.ts';
import type { Check } from '../../src/conformance/check.ts';
import { checksFor } from '../../src/conformance/checks/index.ts';
import { type CheckReport, conformanceKinds, verifyHooks } from '../../src/conformance/index.ts';
import { resolveOptions, verifyOptionRules } from '../../src/conformance/options.ts';
import { allWireFunctions } from '../../src/protocol/messages/index.ts';
import { conformingPlugin, options } from '../conformance/hooks/plugins.ts';

const anchors = suite('the references of checks');

const read = (document: string): string => readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');

/** The headings and rules of a document, as fragments of links. */
const targetsOf = (text: string): string[] => [...anchorsOf(text), ...ruleAnchorsOf(text).map(({ id }) => id)];

/** All checks of the protocol. */
const checks: readonly Check[] = checksFor(conformanceKinds, resolveOptions({}, verifyOptionRules));

/** What `*` stands for in the chapter: the group of any function. */
const groups = `(?:${allWireFunctions.map(groupOf).join('|')})`;

/** A rule of the chapter for authors. */
interface Rule {
  readonly anchor: string;
  readonly isAdvice: boolean;
  /** Matches the ids of its checks. */
  readonly ids: RegExp;
}

/** The rows of the chapter's tables. */
function rulesOf(text: string): Rule[] {
  const rows = text.matchAll(/^\| <a id="(A-\d+)">\[\1\]<\/a> .+ \| (rule|advice) \| .+ \| (.+) \|$/gm);
  return [...rows].map(([, anchor = '', kind, cell = '']) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) =>
      name.replace('.', '\\.').replace('*', groups),
    );
    return { anchor, isAdvice: kind === 'advice', ids: new RegExp(`^(${names.join('|')})$`) };
  });
}

const rules = rulesOf(read('abi/PROTOCOL.md'));

anchors('are headings or rules of abi/PROTOCOL.md', () => {
  assert.ok(checks.length > 120);
  const targets = targetsOf(read('abi/PROTOCOL.md'));
  const lost = checks.filter(({ anchor }) => !targets.includes(anchor)).map(({ id, anchor }) => `${id}: #${anchor}`);
  assert.equal(lost, []);
});

anchors('are headings of abi/HOOKS.md', async () => {
  const { checks: reports } = verifyHooks(await conformingPlugin(), options);
  assert.ok(reports.length > 110);
  const targets = targetsOf(read('abi/HOOKS.md')).map((target) => `abi/HOOKS.md#${target}`);
  const lost = (report: CheckReport): boolean => !targets.includes(report.reference);
  assert.equal(reports.filter(lost), []);
});

anchors('are rules of the chapter for authors, if the layers do not check the same', () => {
  const ofLayers = /^(identity|handshake|self-check|record)\./;
  const others = checks.filter(({ id, anchor }) => !ofLayers.test(id) && !/^A-\d+$/.test(anchor));
  assert.equal(
    others.map(({ id }) => id),
    [],
  );
});

anchors('and the chapter for authors agree about the checks of each rule, and about what is advice', () => {
  assert.ok(rules.length > 25);
  for (const { anchor, isAdvice, ids } of rules) {
    const citing = checks.filter((check) => check.anchor === anchor);
    assert.equal(
      citing.map(({ id }) => id),
      checks.filter(({ id }) => ids.test(id)).map(({ id }) => id),
      anchor,
    );
    assert.ok(citing.length > 0, anchor);
    assert.ok(
      citing.every(({ advice = false }) => advice === isAdvice),
      anchor,
    );
  }
});

anchors.run();
