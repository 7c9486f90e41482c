import type { Text } from '#kernel';
import type { MappingCode } from '../migration/mapping.code.js';

/** What may be found: stable names, for tests and for the tools of others. */
export type FindingCode =
  // The file and its shape.
  | 'not-yaml'
  | 'file-missing'
  | 'shape'
  | 'missing-language'
  | 'control-character'
  // Names and numbers.
  | 'named-twice'
  | 'unknown-field'
  | 'unknown-duty'
  | 'no-withdrawn-end'
  | 'dates-out-of-order'
  | 'points-above-scale'
  | 'discussion-of-one'
  | 'unknown-command'
  | 'command-data'
  | 'unknown-zone'
  | 'no-such-day'
  | 'unknown-register'
  | 'not-countable'
  | 'no-place-at-all'
  | 'quota-value'
  // The flow.
  | 'dead-end'
  | 'unreachable-stage'
  | 'unreachable-end'
  | 'subcase-unreachable'
  | 'subcase-without-effect'
  | 'deadlock'
  | 'leftover-token'
  | 'reached-twice'
  | 'join-mismatch'
  | 'return-elsewhere'
  | 'return-too-late'
  | 'no-way-out'
  | 'endless-barrier'
  | 'too-many-states'
  | 'loop-without-human'
  | 'unbounded-loop'
  // People and time.
  | 'no-deadline'
  | 'no-owner'
  // Conditions.
  | 'unknown-fact'
  | 'condition-syntax'
  | 'condition-not-allowed'
  | 'condition-type'
  | 'never-true'
  | 'always-true'
  | 'asked-in-a-circle'
  // The charter.
  | 'power-held-by-nobody'
  | 'power-held-twice'
  | 'held-by-everyone'
  | 'organ-out-of-reach'
  | 'engine-without-power'
  | 'no-decision-rule'
  | 'past-the-vote'
  | 'quorum-above-pool'
  | 'judges-own-act'
  | 'rules-on-own-decision'
  | 'no-other-people'
  | 'separation-unsatisfiable'
  | 'blinding-undone';

/** What is wrong with a definition, where, and what to do about it. */
export interface Finding {
  readonly code: FindingCode | MappingCode;
  /** JSON Pointer into the definition. */
  readonly path: string;
  readonly text: Text;
  readonly remedy: Text;
  /** What the library that read it says, in English: more than we know, and not for everyone. */
  readonly detail?: string;
}

type Sentence = readonly [en: string, zh: string];

const textOf = ([en, zh]: Sentence): Text => ({ en, zh });

export const finding = (code: Finding['code'], path: string, text: Sentence, remedy: Sentence): Finding => ({
  code,
  path,
  text: textOf(text),
  remedy: textOf(remedy),
});

/**
 * Whether a finding is a remark that keeps nothing from being adopted.
 *
 * An organ that rules on objections to its own decision reconsiders it, which is lawful, and worth a remark.
 */
export const isRemark = ({ code }: Pick<Finding, 'code'>): boolean => code === 'rules-on-own-decision';

/** Findings in one text: where, what, and what to do. */
export const said = (findings: readonly Finding[]): Text => ({
  en: findings.map(({ path, text, remedy }) => `${path}: ${text.en} ${remedy.en}`).join(' '),
  zh: findings.map(({ path, text, remedy }) => `${path}：${text.zh}${remedy.zh}`).join(''),
});
