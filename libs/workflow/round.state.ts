import { derivedUuid, type Text } from '#kernel';
import type { Pinned } from './definition.js';
import type { Quota } from './ranking/ranking.stage.js';

/** The state of `round-<alliance>.<slug>`. */
export type RoundState = { readonly status: 'none' } | Round;

export interface Round {
  readonly status: 'open' | 'closed';
  readonly definition: Pinned;
  /** Version of the charter whose decision rules bind every case of the round. */
  readonly charter: number;
  readonly title: Text;
  /** From this instant on, ISO 8601 UTC. */
  readonly opensAt: string;
  /** Before this instant. */
  readonly closesAt: string;
  readonly zone: string;
  readonly seed: string;
  /** What the addresses of its cases are derived from; they are their subjects' ids where it is absent. */
  readonly addressKey?: string;
  /** By stage of kind `ranking`, where they are not those of the definition. */
  readonly quotas?: Readonly<Record<string, readonly Quota[]>>;
  /** Days that conditions name, where they are not those of the definition. */
  readonly dates?: Readonly<Record<string, string>>;
  readonly extensions: readonly Extension[];
}

export interface Extension {
  readonly institution: string;
  readonly until: string;
  readonly reason: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
}

/** Before which instant an institution's applications must be there: the last of the round's deadline and its own extensions. */
export const deadlineFor = (round: Round, institution: string): string =>
  round.extensions
    .filter((extension) => extension.institution === institution)
    .reduce((last, { until }) => (Date.parse(until) > Date.parse(last) ? until : last), round.closesAt);

/**
 * The last part of a case's address, `<alliance>.<round>.<entry>`: one for each subject of a round, and told by nobody but the receipt
 * where reviewers may not learn whose a case is.
 */
export const entryFor = ({ addressKey }: Pick<Round, 'addressKey'>, subject: string): string =>
  addressKey === undefined ? subject : derivedUuid(addressKey, subject);

export const roundStream = (alliance: string, slug: string): string => `round-${alliance}.${slug}`;
