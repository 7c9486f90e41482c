import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { recognitionContext, recognitionsOf, recognitionsView } from '#accreditation';
import { courseContext, coursesView, findCourses } from '#catalogue';
import { charterContext, charterOn, chartersView } from '#charter';
import {
  CommandHandling,
  type Context,
  derivedUuid,
  InMemoryEventStore,
  InMemoryVault,
  type Message,
  openPool,
  rebuildAndCompare,
  States,
  VirtualClock,
  ViewRunner,
} from '#kernel';
import { personContext } from '#identity';
import { membershipContext, membershipsOf, membershipsView } from '#membership';
import { findInstitutions, institutionContext, institutionsView, organContext, seatsOf, seatsOn, seatsView } from '#organisation';
import { roundContext } from '../../apps/server/contexts.js';
import { modelCharter } from '../../apps/server/demonstration.charter.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

const alliance = 'a';
const start = Date.parse('2026-03-02T01:00:00.000Z');
const code = '4144010558';
const person = (name: string): string => `person-${derivedUuid('people', name)}`;
const title = { zh: '试验联盟', en: 'An alliance on trial' };
const term = { from: '2026-01-01T00:00:00Z', until: '2028-01-01T00:00:00Z' };
const facts = {
  name: '中山大学',
  schoolCode: '10558',
  province: '44',
  supervisor: '教育部',
  city: '广州市',
  level: 'undergraduate',
};
const course = {
  title: { zh: '数据结构', en: 'Data structures' },
  kind: 'online',
  discipline: '08',
  credits: 3,
  hours: 48,
  runs: 4,
  leader: person('leader'),
  leaderName: '李领',
};

const views = [chartersView, institutionsView, seatsView, membershipsView, coursesView, recognitionsView];

describe('what people see of an alliance', () => {
  const clock = new VirtualClock(start);
  const store = new InMemoryEventStore();
  const states = new States(store);
  const handling = new CommandHandling(store, states, new InMemoryVault(), clock);
  let database: TestDatabase;
  let pool: pg.Pool;
  let runner: ViewRunner;
  let commands = 0;
  const operator = (context: Context, id: string, command: Message) => {
    commands += 1;
    return handling.handle(context, id, command, {
      kind: 'operator',
      alliance,
      commandId: derivedUuid('commands', String(commands)),
    });
  };
  const dean = (context: Context, id: string, command: Message) => {
    commands += 1;
    const commandId = derivedUuid('commands', String(commands));
    return handling.handle(context, id, command, {
      kind: 'person',
      alliance,
      commandId,
      actor: person('dean'),
      principal: person('dean'),
    });
  };
  const engine = (context: Context, id: string, command: Message) => {
    commands += 1;
    const commandId = derivedUuid('commands', String(commands));
    return handling.handle(context, id, command, {
      kind: 'engine',
      alliance,
      commandId,
      workflow: 'course-accreditation',
      proof: ['e'],
    });
  };

  beforeAll(async () => {
    for (const { decider } of [
      charterContext,
      institutionContext,
      organContext,
      membershipContext,
      courseContext,
      recognitionContext,
      personContext,
      roundContext,
    ]) {
      states.register(decider);
    }
    database = await freshDatabase('contexts');
    pool = openPool(database.url, { max: 8 });
    runner = new ViewRunner(store, pool, views);
    runner.start();
    await playing();
    await runner.caughtUp(await store.head());
  });
  afterAll(async () => {
    await runner.stop();
    await pool.end();
    await database.drop();
  });

  async function playing(): Promise<void> {
    await operator(charterContext, 'a', { type: 'AdoptCharter', data: { document: modelCharter(title) } });
    clock.advanceTo(start + 1000);
    await operator(charterContext, 'a', {
      type: 'AdoptCharter',
      data: { document: { ...modelCharter(title), transition: 'move' } },
    });
    await operator(institutionContext, `a.${code}`, { type: 'RegisterInstitution', data: facts });
    await operator(institutionContext, 'a.4111012802', {
      type: 'RegisterInstitution',
      data: { ...facts, name: '吉利学院', province: '51' },
    });
    await operator(institutionContext, 'a.4111012802', {
      type: 'RegisterInstitution',
      data: { ...facts, name: '吉利大学', province: '51', nameEn: 'Geely University' },
    });
    await operator(institutionContext, 'a.4111012802', {
      type: 'RegisterInstitution',
      data: { ...facts, name: '吉利科技大学', province: '51', nameEn: 'Geely University' },
    });
    await operator(membershipContext, `a.${code}`, { type: 'ApplyToJoin', data: { memberClass: 'initiating' } });
    await operator(membershipContext, `a.${code}`, { type: 'AdmitMember', data: {} });
    await operator(membershipContext, 'a.4111012802', { type: 'ApplyToJoin', data: { memberClass: 'ordinary' } });
    for (const name of ['dean', 'member', 'chair']) {
      const data = { person: person(name), name: { zh: name, en: name } };
      await operator(personContext, person(name).slice('person-'.length), { type: 'RegisterPerson', data });
    }
    await operator(organContext, `a.deans-office.${code}`, {
      type: 'FillSeat',
      data: { person: person('dean'), role: 'member', ...term, institution: code },
    });
    await operator(organContext, 'a.committee', {
      type: 'FillSeat',
      data: { person: person('member'), role: 'member', ...term },
    });
    await operator(organContext, 'a.committee', { type: 'FillSeat', data: { person: person('chair'), role: 'chair', ...term } });
    clock.advanceTo(start + 2000);
    await operator(organContext, 'a.committee', { type: 'EndSeat', data: { person: person('member'), reason: '调离' } });
    await dean(courseContext, 'a.1', { type: 'RegisterCourse', data: { ...course, institution: code } });
    await dean(courseContext, 'a.1', { type: 'CorrectCourse', data: { ...course, hours: 64 } });
    await dean(courseContext, 'a.2', {
      type: 'RegisterCourse',
      data: { ...course, institution: code, title: { zh: '编译原理' }, kind: 'offline' },
    });
    await engine(recognitionContext, 'a.1', {
      type: 'GrantRecognition',
      data: { case: 'case-a.r.1', number: 'A-1', round: 'r' },
    });
    await engine(recognitionContext, 'a.2', {
      type: 'GrantRecognition',
      data: { case: 'case-a.r.2', number: 'A-2', round: 'r' },
    });
  }

  test('the charter in force on a day is the one adopted last by then', async () => {
    const at = (instant?: string) => runner.read(chartersView, (sql, schema) => charterOn(sql, schema, 'a', instant));
    expect(await at()).toMatchObject({ version: 2, document: { transition: 'move' } });
    expect(await at('2026-03-02T01:00:00.500Z')).toMatchObject({ version: 1, document: { title } });
    expect(await at('2026-03-02T00:59:59.000Z')).toBeUndefined();
  });

  test('institutions are found by name, former name, English name, province and page', async () => {
    const find = (asked: object) =>
      runner.read(institutionsView, (sql, schema) => findInstitutions(sql, schema, { alliance: 'a', limit: 10, ...asked }));
    const geely = {
      code: '4111012802',
      name: '吉利科技大学',
      formerNames: ['吉利学院', '吉利大学'],
      nameEn: 'Geely University',
      province: '51',
    };
    for (const asked of [{ name: '吉利学' }, { name: 'geely' }, { province: '51' }, { limit: 1 }])
      expect(await find(asked)).toEqual([expect.objectContaining(geely)]);
    expect((await find({ after: '4111012802' })).map((row) => row.code)).toEqual([code]);
    expect(await find({ alliance: 'b' })).toEqual([]);
    expect(await find({ level: 'vocational' })).toEqual([]);
  });

  test('who sits where is known for every instant, and an ended seat ends', async () => {
    const on = (at: string, organ?: string) =>
      runner.read(seatsView, (sql, schema) =>
        seatsOn(sql, schema, { alliance: 'a', at, ...(organ === undefined ? {} : { organ }) }),
      );
    expect((await on('2026-03-02T01:00:01.500Z', 'committee')).map((seat) => [seat.person, seat.role])).toEqual([
      [person('chair'), 'chair'],
      [person('member'), 'member'],
    ]);
    expect((await on('2026-03-02T01:00:02.000Z', 'committee')).map((seat) => seat.person)).toEqual([person('chair')]);
    expect(await on('2028-01-01T00:00:00Z')).toEqual([]);
    const own = await runner.read(seatsView, (sql, schema) =>
      seatsOf(sql, schema, { alliance: 'a', person: person('dean'), at: '2026-03-03T00:00:00Z' }),
    );
    expect(own).toEqual([expect.objectContaining({ organ: 'deans-office', scope: code, institution: code })]);
  });

  test('memberships stand as they were last decided', async () => {
    const rows = await runner.read(membershipsView, (sql, schema) => membershipsOf(sql, schema, { alliance: 'a', limit: 10 }));
    expect(rows.map(({ institution, status, memberClass }) => [institution, status, memberClass])).toEqual([
      ['4111012802', 'applicant', 'ordinary'],
      [code, 'member', 'initiating'],
    ]);
  });

  test('courses are seen as corrected, and found by title, kind and institution', async () => {
    const find = (asked: object) =>
      runner.read(coursesView, (sql, schema) => findCourses(sql, schema, { alliance: 'a', limit: 10, ...asked }));
    expect(await find({ title: 'structures' })).toEqual([
      expect.objectContaining({ course: '1', hours: 64, institution: code, credits: 3 }),
    ]);
    expect((await find({ kind: 'offline' })).map((row) => row.course)).toEqual(['2']);
    expect((await find({ institution: code, ids: ['1', '2'] })).map((row) => row.course)).toEqual(['1', '2']);
    expect(JSON.stringify(await find({}))).not.toContain('李领');
  });

  test('the register shows what is in force on a day', async () => {
    const register = (asked: object) =>
      runner.read(recognitionsView, (sql, schema) => recognitionsOf(sql, schema, { alliance: 'a', limit: 10, ...asked }));
    expect(await register({ number: 'A-1' })).toEqual([
      { course: '1', number: 'A-1', case: 'case-a.r.1', round: 'r', from: '2026-03-02', until: '2031-03-02', withdrawnAt: null },
    ]);
    expect(await register({ day: '2031-03-01' })).toHaveLength(2);
    expect(await register({ day: '2031-03-02' })).toEqual([]);
  });

  test('every view built anew equals the live one', async () => {
    for (const view of views) expect(await rebuildAndCompare({ pool, store, clock }, view)).toBeUndefined();
  });
});
