import { expect, test } from '@jest/globals';
import { contextsKnown } from '../../apps/server/contexts.js';
import { given } from '../../test/support/given.js';
import { charterOf, usualRule } from '../../test/support/round.charter.js';
import { type Finding, loadDefinition, type RoundEvent } from '#workflow';
import { roundDecider as roundDeciderIn } from './round.decider.js';

const roundDecider = roundDeciderIn(() => contextsKnown);

const { definition, hash } = await loadDefinition('workflows/alliance-recognition.yaml');
const consulted = {
  'calendar-a': { version: 0, years: {} },
  'definition-a.alliance-recognition': { latest: 1, versions: { 1: { hash, definition } } },
  'charter-a': { ...charterOf(usualRule), version: 4 },
  'institution-a.4111010001': { facts: {} },
  'institution-a.4144010559': { facts: {} },
  'institution-a.4144010560': {},
};
const here = { id: 'a.spring-2026', consulted };
const title = { en: 'Spring', zh: '春季' };
const order = {
  definition: { id: 'alliance-recognition', version: 1 },
  title,
  opensAt: '2026-03-02T01:00:00Z',
  closesAt: '2026-04-01T00:00:00+08:00',
  seed: 'seven',
};
const open = (change: object = {}) => ({ type: 'OpenRound', data: { ...order, ...change } }) as const;
const opened = {
  type: 'RoundOpened',
  data: {
    definition: { id: 'alliance-recognition', version: 1, hash },
    charter: 4,
    title,
    opensAt: '2026-03-02T01:00:00.000Z',
    closesAt: '2026-03-31T16:00:00.000Z',
    zone: 'Asia/Shanghai',
    seed: 'seven',
    addressKey: 'new-addresses',
  },
} as const satisfies RoundEvent;
const extension = { institution: '4111010001', until: '2026-04-02T16:00:00.000Z', reason: '网络中断' };
const granted = { type: 'ExtensionGranted', data: extension } as const;
const grant = (change: object = {}) => ({ type: 'GrantExtension', data: { ...extension, ...change } }) as const;
const close = { type: 'CloseRound', data: {} } as const;

test('a round pins the definition by its hash and the charter by its version', () => {
  given(roundDecider).when(open(), here).expectEvents(opened);
});

test('a round that does not say when it closes takes applications for as many working days as the workflow says', () => {
  const { closesAt: _closesAt, ...rest } = order;
  const twentyDays = { ...opened.data, closesAt: '2026-03-30T16:00:00.000Z' };
  given(roundDecider).when({ type: 'OpenRound', data: rest }, here).expectEvents({ type: 'RoundOpened', data: twentyDays });
});

test('a round is opened once, under a workflow that was adopted, with a window in the future', () => {
  given(roundDecider, opened).when(open(), here).expectRefusal('round.already-opened');
  given(roundDecider)
    .when(open({ definition: { id: 'alliance-recognition', version: 2 } }), here)
    .expectRefusal('round.definition-not-adopted');
  given(roundDecider)
    .when(open({ closesAt: '2026-03-02T01:00:00Z' }), here)
    .expectRefusal('round.bad-window');
  given(roundDecider)
    .when(open(), { ...here, now: '2026-05-01T00:00:00Z' })
    .expectRefusal('round.bad-window');
  given(roundDecider)
    .when(open(), { ...here, id: 'a.Spring.2026' })
    .expectRefusal('round.bad-address');
});

test('no round is opened under a workflow that the charter, amended since its adoption, no longer allows', () => {
  const charter = consulted['charter-a'];
  const { 'decide-recognition': _gone, ...left } = charter.powers;
  const under = (change: object) => ({ ...here, consulted: { ...consulted, 'charter-a': { ...charter, ...change } } });
  given(roundDecider)
    .when(open(), under({ powers: left }))
    .expectRefusal('round.definition-unlawful');
  const byOthers = { ...charter.powers['recognise-course'], organ: 'ministry', rule: 'recognition' };
  const stricter = { powers: { ...charter.powers, 'recognise-course': byOthers } };
  given(roundDecider)
    .when(open(), under(stricter))
    .expectRefusal('round.definition-unlawful', ({ text, details }) => {
      expect((details['faults'] as Finding[]).map(({ code }) => code)).toContain('past-the-vote');
      expect(text.en).toContain('"ministry" uses the power "recognise-course" by resolution');
      expect(text.zh).toContain('第 4 版章程');
    });
  given(roundDecider)
    .when(
      open(),
      under({
        powers: { ...charter.powers, 'recognise-course': { ...charter.powers['recognise-course'], rule: 'recognition' } },
      }),
    )
    .expectEvents(opened);
});

test('an extension is later than what it extends, and in the future', () => {
  given(roundDecider, opened).when(grant(), here).expectEvents(granted);
  given(roundDecider, opened)
    .when(grant({ until: '2026-03-31T16:00:00Z' }), here)
    .expectRefusal('round.no-extension');
  given(roundDecider, opened, granted).when(grant(), here).expectRefusal('round.no-extension');
  given(roundDecider, opened)
    .when(grant(), { ...here, now: '2026-04-03T00:00:00Z' })
    .expectRefusal('round.no-extension');
});

test('nobody is given longer whom the alliance does not know: the round would stay open for them', () => {
  given(roundDecider, opened)
    .when(grant({ institution: '4144010560' }), here)
    .expectRefusal('round.unknown-institutions');
});

test('an applicant is given longer as often and as far as the workflow says; twice and by twenty working days unless it does', () => {
  const later = (day: string) => ({ ...extension, until: `2026-${day}T16:00:00.000Z` });
  // Twenty working days after 31 March, of which Qingming, 6 April, is none.
  given(roundDecider, opened)
    .when({ type: 'GrantExtension', data: later('04-29') }, here)
    .expectEvents({
      type: 'ExtensionGranted',
      data: later('04-29'),
    });
  given(roundDecider, opened)
    .when(grant(later('04-30')), here)
    .expectRefusal('round.extension-too-long');
  const twice = [granted, { type: 'ExtensionGranted', data: later('04-03') }] as const;
  given(roundDecider, opened, ...twice)
    .when(grant(later('04-05')), here)
    .expectRefusal('round.no-more-extensions');
  const other = { ...later('04-05'), institution: '4144010559' };
  given(roundDecider, opened, ...twice)
    .when(grant(other), here)
    .expectEvents({ type: 'ExtensionGranted', data: other });
  const strict = {
    ...definition,
    round: { ...definition.round, submission: { ...definition.round.submission, extension: { times: 0, workingDays: 1 } } },
  };
  const never = {
    ...consulted,
    'definition-a.alliance-recognition': { latest: 1, versions: { 1: { hash, definition: strict } } },
  };
  given(roundDecider, opened)
    .when(grant(), { ...here, consulted: never })
    .expectRefusal('round.no-more-extensions');
});

test('a round closes when the last deadline has passed, extensions included', () => {
  given(roundDecider, opened).when(close, { now: '2026-03-31T15:59:59.999Z' }).expectRefusal('round.too-early');
  given(roundDecider, opened, granted).when(close, { now: '2026-03-31T16:00:00Z' }).expectRefusal('round.too-early');
  const closed = { type: 'RoundClosed', data: { closedAt: '2026-04-02T16:00:00.000Z' } } as const;
  given(roundDecider, opened, granted).when(close, { now: '2026-04-02T16:00:00Z' }).expectEvents(closed);
  given(roundDecider, opened, closed).when(close).expectRefusal('round.closed');
  given(roundDecider, opened, closed).when(grant()).expectRefusal('round.closed');
});

test('nothing is done about a round that was never opened', () => {
  given(roundDecider).when(grant()).expectRefusal('round.not-found');
  given(roundDecider).when(close).expectRefusal('round.not-found');
});
