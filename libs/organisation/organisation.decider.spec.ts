import { expect, test } from '@jest/globals';
import { given } from '../../test/support/given.js';
import { institutionDecider, organDecider } from './organisation.decider.js';
import type { FillSeat, InstitutionFacts, OrganEvent } from './organisation.messages.js';

const charter = {
  'charter-a': {
    organs: {
      committee: { scope: 'alliance', seats: { filledBy: 'fill-seat', termYears: 4, size: 2, maxTerms: 2 } },
      'deans-office': { scope: 'institution', seats: { filledBy: 'fill-office', termYears: 4 } },
    },
  },
};
const known = {
  ...charter,
  ...Object.fromEntries(['p1', 'p2', 'p3', 'p4'].map((person) => [person, { status: 'active' }])),
  'institution-a.4144010558': { facts: { name: '中山大学' } },
};
const committee = { id: 'a.committee', consulted: known };

const term = (person: string, more: Partial<FillSeat> = {}): FillSeat => ({
  person,
  role: 'member',
  from: '2026-01-01T00:00:00Z',
  until: '2028-01-01T00:00:00Z',
  ...more,
});
const fill = (data: FillSeat) => ({ type: 'FillSeat', data }) as const;
const filled = (data: FillSeat): OrganEvent => ({ type: 'SeatFilled', data });

test('a seat is filled for a term', () => {
  given(organDecider)
    .when(fill(term('p1')), committee)
    .expectEvents(filled(term('p1')));
});

test('only an organ of the charter in force has seats', () => {
  given(organDecider)
    .when(fill(term('p1')), { ...committee, id: 'a.garden' })
    .expectRefusal('organ.not-in-charter');
  given(organDecider)
    .when(fill(term('p1')), { ...committee, id: 'a.committee.44' })
    .expectRefusal('organ.not-in-charter');
  given(organDecider)
    .when(fill(term('p1')), { ...committee, id: 'a.deans-office' })
    .expectRefusal('organ.not-in-charter');
  given(organDecider)
    .when(fill(term('p1')), { ...committee, id: 'a.deans-office.4144010558' })
    .expectEvents(filled(term('p1')));
});

test('the charter says under which power the seats of an organ are filled, and for which institution', () => {
  const { FillSeat: permit } = organDecider.permits;
  if (typeof permit === 'string') throw new Error('the power depends on the organ');
  const consulted = <T>() => charter['charter-a'] as T;
  const asking = { alliance: 'a', actor: 'p', consulted, loaded: () => true };
  expect(permit(fill(term('p1')), { seats: [] }, { ...asking, id: 'a.committee' })).toEqual({ power: 'fill-seat' });
  expect(permit(fill(term('p1')), { seats: [] }, { ...asking, id: 'a.deans-office.4144010558' })).toEqual({
    power: 'fill-office',
    scope: '4144010558',
  });
});

test('seats are held by people who are registered and may act', () => {
  for (const [status, code] of [
    ['unknown', 'organ.unknown-person'],
    ['erased', 'organ.unknown-person'],
    ['disabled', 'organ.person-disabled'],
  ] as const) {
    given(organDecider)
      .when(fill(term('p1')), { ...committee, consulted: { ...known, p1: { status } } })
      .expectRefusal(code);
  }
});

test('the office of an institution, and a holder’s employer, are institutions that the alliance knows', () => {
  const consulted = { ...known, 'institution-a.4144010559': {} };
  const employed = (institution: string) => fill(term('p1', { institution }));
  given(organDecider)
    .when(employed('4144010559'), { ...committee, consulted })
    .expectRefusal('organ.unknown-institution');
  given(organDecider)
    .when(fill(term('p1')), { id: 'a.deans-office.4144010559', consulted })
    .expectRefusal('organ.unknown-institution');
  given(organDecider)
    .when(employed('4144010558'), { ...committee, consulted })
    .expectEvents(filled(term('p1', { institution: '4144010558' })));
});

test('a seat is ended whatever became of its holder', () => {
  const asking = { alliance: 'a', actor: 'p', id: 'a.committee', consulted: <T>() => ({}) as T, loaded: () => true };
  const end = { type: 'EndSeat', data: { person: 'p1', reason: { sealed: 'digest', of: 'p1' } } } as const;
  expect(organDecider.consults?.(end, { seats: [] }, asking)).toEqual(['charter-a']);
});

test('a term ends, after it begins and not in the past', () => {
  const bad = [
    { until: '2026-01-01T00:00:00Z' },
    { from: '2020-01-01T00:00:00Z', until: '2021-01-01T00:00:00Z' },
    { until: '2027-99-01T00:00:00Z' },
  ];
  for (const more of bad)
    given(organDecider)
      .when(fill(term('p1', more)), committee)
      .expectRefusal('organ.term-over');
});

test('a term is no longer than the charter says', () => {
  given(organDecider)
    .when(fill(term('p1', { until: '2030-01-01T00:00:00Z' })), committee)
    .expectEvents(filled(term('p1', { until: '2030-01-01T00:00:00Z' })));
  given(organDecider)
    .when(fill(term('p1', { until: '2030-01-01T00:00:01Z' })), committee)
    .expectRefusal('organ.term-too-long');
});

test('a person sits once in an organ', () => {
  given(organDecider, filled(term('p1')))
    .when(fill(term('p1', { from: '2027-12-31T00:00:00Z', until: '2029-01-01T00:00:00Z' })), committee)
    .expectRefusal('organ.seated-already');
});

test('a person may be seated again from the instant the first term ends, as often as the charter allows', () => {
  const second = term('p1', { from: '2028-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' });
  const third = term('p1', { from: '2030-01-01T00:00:00Z', until: '2032-01-01T00:00:00Z' });
  given(organDecider, filled(term('p1')))
    .when(fill(second), committee)
    .expectEvents(filled(second));
  given(organDecider, filled(term('p1')), filled(second))
    .when(fill(third), committee)
    .expectRefusal('organ.terms-served');
});

test('an organ has one chair at a time', () => {
  const chair = term('p1', { role: 'chair' });
  given(organDecider, filled(chair))
    .when(fill(term('p2', { role: 'chair' })), committee)
    .expectRefusal('organ.chair-taken');
  const next = term('p2', { role: 'chair', from: '2028-01-01T00:00:00Z', until: '2030-01-01T00:00:00Z' });
  given(organDecider, filled(chair)).when(fill(next), committee).expectEvents(filled(next));
});

test('an organ has no more seats at any instant than the charter gives it', () => {
  const first = term('p1', { until: '2027-01-01T00:00:00Z' });
  const later = term('p2', { from: '2027-01-01T00:00:00Z' });
  given(organDecider, filled(first), filled(later))
    .when(fill(term('p3')), committee)
    .expectEvents(filled(term('p3')));
  given(organDecider, filled(first), filled(later), filled(term('p3')))
    .when(fill(term('p4')), committee)
    .expectRefusal('organ.full');
});

test('a seat that is ended is over at that instant, and may be filled again', () => {
  const reason = { sealed: 'digest', of: 'p1' };
  const end = { type: 'EndSeat', data: { person: 'p1', reason } } as const;
  const ended: OrganEvent = {
    type: 'SeatEnded',
    data: { person: 'p1', seat: 'event-0', at: '2026-03-02T01:00:00.000Z', reason },
  };
  given(organDecider, filled(term('p1')))
    .when(end, committee)
    .expectEvents(ended);
  given(organDecider).when(end, committee).expectRefusal('organ.no-such-seat');
  given(organDecider, filled(term('p1')), ended)
    .when(end, committee)
    .expectRefusal('organ.no-such-seat');
  const again = term('p1', { from: '2026-03-02T01:00:00.000Z' });
  given(organDecider, filled(term('p1')), ended)
    .when(fill(again), committee)
    .expectEvents(filled(again));
});

test('the reason for ending a seat does not enter the log in clear', () => {
  expect(() =>
    organDecider.decide(
      { type: 'EndSeat', data: { person: 'p1', reason: 'ill' } },
      { seats: [{ ...term('p1'), granted: 'e' }] },
      {
        now: Date.parse('2026-03-02T00:00:00Z'),
        alliance: 'a',
        id: 'a.committee',
        actor: 'p',
        grant: { power: 'fill-seat', charter: 1, organ: 'secretariat', proof: [] },
        newId: (name) => name,
        lengthOf: () => 0,
        consulted: <T>() => charter['charter-a'] as T,
      },
    ),
  ).toThrow(TypeError);
});

const facts = {
  name: '吉利学院',
  schoolCode: '12802',
  province: '51',
  supervisor: '四川省教育厅',
  city: '成都市',
  level: 'undergraduate',
  remark: '民办',
} as const;
const register = (data: typeof facts | Record<never, never>) =>
  ({ type: 'RegisterInstitution', data: { ...facts, ...data } }) as const;
const registered = { type: 'InstitutionRegistered', data: facts } as const;
const geely = { id: 'a.4111012802' };

test('an institution is registered under its ten-digit code, in the province it stands in', () => {
  given(institutionDecider).when(register({}), geely).expectEvents(registered);
  given(institutionDecider).when(register({}), { id: 'a.12802' }).expectRefusal('institution.no-code');
});

test('the same facts again change nothing', () => {
  given(institutionDecider, registered).when(register({}), geely).expectEvents();
});

test('another name is a renaming, and the one before is kept', () => {
  given(institutionDecider, registered)
    .when(register({ name: '吉利大学' }), geely)
    .expectEvents({ type: 'InstitutionRenamed', data: { name: '吉利大学', before: '吉利学院' } });
});

test('other changed facts are a correction', () => {
  const { name: _name, ...rest } = facts;
  given(institutionDecider, registered)
    .when(register({ city: '资阳市' }), geely)
    .expectEvents({ type: 'InstitutionCorrected', data: { ...rest, city: '资阳市' } });
});

test('after a renaming and a correction the same facts again change nothing', () => {
  const { name: _name, ...rest } = facts;
  given(
    institutionDecider,
    registered,
    { type: 'InstitutionRenamed', data: { name: '吉利大学', before: '吉利学院' } },
    { type: 'InstitutionCorrected', data: { ...rest, city: '资阳市' } },
  )
    .when(register({ name: '吉利大学', city: '资阳市' }), geely)
    .expectEvents();
});

test('an institution in Hong Kong or Macao has no code of the Ministry: it is registered under its region and an abbreviation', () => {
  const { schoolCode: _none, ...abroad } = { ...registered.data, province: '81', city: '香港' };
  const under = (data: object, id: string) =>
    given(institutionDecider).when({ type: 'RegisterInstitution', data: data as InstitutionFacts }, { id });
  under(abroad, 'a.HKCUHK').expectEvents({ type: 'InstitutionRegistered', data: abroad });
  under({ ...abroad, province: '82' }, 'a.MOUM').expectEvents({
    type: 'InstitutionRegistered',
    data: { ...abroad, province: '82' },
  });
  under({ ...abroad, province: '44' }, 'a.HKCUHK').expectRefusal('institution.code-differs');
  under({ ...abroad, schoolCode: '12345' }, 'a.HKCUHK').expectRefusal('institution.code-differs');
  under(abroad, 'a.4144010558').expectRefusal('institution.code-differs');
  under(abroad, 'a.TWNTU').expectRefusal('institution.no-code');
});
