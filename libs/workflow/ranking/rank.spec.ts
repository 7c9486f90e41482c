import { expect, test } from '@jest/globals';
import { canonicalJson } from '#kernel';
import { rankedBy } from '../../../test/support/ranked-round.js';
import { stageOf } from '../definition.js';
import { fraction, mean } from '../fraction.js';
import { after, inParts, isComplete, rank } from './rank.js';
import { evolveRanking } from './ranking.evolve.js';
import type { RankingEvent } from './ranking.messages.js';
import type { Ranking, RankingState } from './ranking.state.js';

const definition = rankedBy({ by: 'normalised' });
const stage = stageOf(definition, 'ranking');
const province = (index: number): string => String(11 + (index % 34));

/** The largest round: every case has come, with five reviews by five of a thousand reviewers. */
function largest(cases: number): Ranking {
  const uuid = (index: number): string => `16eea217-0b6b-8dbb-bff0-${String(index).padStart(12, '0')}`;
  const opened: RankingEvent = {
    type: 'RankingOpened',
    data: {
      round: 'spring',
      stage: 'ranking',
      definition: { id: 'ranked-award', version: 1, hash: 'hash' },
      seed: 'seven',
      by: 'normalised',
      quotas: [{ each: 400 }, { by: 'institution.province', each: 15 }, { by: 'institution.code', each: 2 }],
      ties: { rule: 'criteria', criteria: ['effect'] },
      outlier: 30,
    },
  };
  const standings = Array.from({ length: cases }, (_, index): RankingEvent => {
    const reviews = Array.from({ length: 5 }, (_none, nth) => ({
      assignment: uuid(index * 5 + nth),
      reviewer: `person-${uuid((index * 7 + nth * 211) % 1_000)}`,
      total: fraction(((index * 37 + nth * 11) % 1001) * 100, 1_000),
    }));
    return {
      type: 'StandingTaken',
      data: {
        subject: uuid(index),
        visit: 1,
        institution: String(4_100_000_000 + (index % 2_900)),
        conflicts: [],
        group: province(index),
        facts: { 'institution.province': province(index), 'institution.code': String(4_100_000_000 + (index % 2_900)) },
        reviews,
        raw: mean(reviews.map(({ total }) => total)),
        criteria: [[index % 10, 1]],
      },
    };
  });
  const counted = inParts(Array.from({ length: cases }, (_, index) => uuid(index))).map(({ part, of, items }): RankingEvent => ({
    type: 'EntrantsCounted',
    data: { part, of, subjects: items },
  }));
  return [opened, ...standings, ...counted].reduce<RankingState>((before, event) => evolveRanking(before, event), {
    status: 'none',
  }) as Ranking;
}

test('six thousand cases are ranked in one append that every engine takes, no event of it above sixty thousand bytes', () => {
  const ranking = largest(6_000);
  expect(isComplete(ranking)).toBe(true);
  if (stage.kind !== 'ranking') throw new Error('no ranking');
  const started = performance.now();
  const events = rank(ranking, { definition, stage, now: 0 });
  const tookMs = performance.now() - started;
  const sizes = events.map(({ data }) => new TextEncoder().encode(canonicalJson(data)).length);
  expect(Math.max(...sizes)).toBeLessThan(60_000);
  const envelope = 1_000;
  expect(sizes.reduce((sum, size) => sum + size + envelope, 0)).toBeLessThan(2 ** 20);
  expect(tookMs).toBeLessThan(20_000);
  const ranked = after(ranking, events);
  expect(ranked.status).toBe('ranked');
  expect(ranked.places.filter(({ result }) => result === 'selected').length).toBe(400);
});
