import { type Static, Type } from '@sinclair/typebox';
import { charterStream, type CharterHistory, holds, type OrganSeats, organStream } from '#kernel';
import {
  adopted,
  auditPower,
  type CaseState,
  listMeetings,
  type MeetingListed,
  mayKnow,
  type MeetingState,
  meetingStream,
  meetingsView,
} from '#workflow';
import { type ReadRoute, readRoute } from '../http/read-route.js';
import type { Doors } from './doors.js';
import { peopleIn } from './revealing.js';
import { Instant, knownPage, Nullable, Page, paging, TextSchema } from './schemas.js';
import { allianceOf, noSuchAlliance, nothingHere, type Standing, standingOf, viewerOf } from './sight.js';

const Listed = Type.Object({
  id: Type.String(),
  power: Type.String(),
  opensAt: Instant,
  closesAt: Instant,
  place: Nullable(Type.String()),
  /** Why it was called off; null where it stands. */
  calledOff: Nullable(Type.String()),
});

const Item = Type.Object({ case: Type.String(), stage: Type.String(), number: Type.String(), title: Type.String() });

const Proxy = Type.Object({
  giver: Type.String(),
  holder: Type.String(),
  /** The scope, as far as the caller may know it; the whole agenda where absent. */
  cases: Type.Optional(Type.Array(Type.String())),
});

const MeetingAnswer = Type.Object({
  id: Type.String(),
  power: Type.String(),
  convenedAt: Instant,
  opensAt: Instant,
  closesAt: Instant,
  place: Nullable(Type.String()),
  calledOff: Nullable(Type.Object({ at: Instant, reason: Type.String() })),
  /** Whether the caller may call it off now. */
  mayCallOff: Type.Boolean(),
  charter: Type.Integer(),
  /** How many proxies one member may hold; null where the charter allows none. */
  proxiesPerHolder: Nullable(Type.Integer()),
  agenda: Type.Array(Item),
  /** Who sits in the organ now. */
  members: Type.Array(Type.String()),
  proxies: Type.Array(Proxy),
  people: Type.Record(Type.String(), TextSchema),
});

/**
 * Meetings: for those who sit in the organ, those who keep it and those who audit. What a conflict keeps from someone is not on their
 * agenda, and a meeting about nothing else is for them none.
 */
export const meetingReads = (doors: Doors): readonly ReadRoute[] => [listMeetingsRoute(doors), readMeetingRoute(doors)];

const listMeetingsRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/alliances/{alliance}/meetings',
    operationId: 'listMeetings',
    tag: 'meeting',
    summary: {
      en: 'The meetings of the organs that the caller sits in, keeps or audits',
      zh: '当前用户任职、管理或监督的机构的会议',
    },
    query: Type.Object(paging),
    answer: Page(Listed),
    handle: async ({ params, query, signedIn, atLeast }) => {
      if (signedIn === undefined) throw noSuchAlliance();
      const standing = await standingOf(doors, signedIn, params['alliance'] as string);
      const { items, ...next } = await knownPage<MeetingListed>(
        { limit: 200, ...query },
        {
          place: ({ opensAt, id }) => ({ at: opensAt.toISOString(), id }),
          read: (asked) => doors.runner.read(meetingsView, (sql, schema) => listMeetings(sql, schema, standing, asked), atLeast),
          known: async (found) => {
            const concerned = await Promise.all(found.map(({ id }) => mayReadMeeting(doors, standing, id)));
            return found.filter((_, index) => concerned[index]);
          },
        },
      );
      return {
        items: items.map(({ opensAt, closesAt, ...meeting }) => ({
          ...meeting,
          opensAt: opensAt.toISOString(),
          closesAt: closesAt.toISOString(),
        })),
        ...next,
      };
    },
  });

const readMeetingRoute = (doors: Doors): ReadRoute =>
  readRoute({
    path: '/v1/meetings/{meeting}',
    operationId: 'readMeeting',
    tag: 'meeting',
    summary: { en: 'A meeting: its notice, its agenda and the proxies lodged for it', zh: '会议：通知、议程与已提交的委托' },
    answer: MeetingAnswer,
    handle: async ({ params, signedIn }) => {
      const id = params['meeting'] as string;
      if (signedIn === undefined || !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/.test(id)) throw nothingHere();
      const standing = await standingOf(doors, signedIn, allianceOf(id));
      const { state: meeting } = await doors.states.fresh<MeetingState>(meetingStream(id));
      if (meeting.status === 'none' || !sitsInOrKeeps(standing, meeting)) throw nothingHere();
      const agenda = (await Promise.all(meeting.agenda.map((item) => shownItem(doors, standing, item)))).flat();
      if (agenda.length === 0) throw nothingHere();
      const isKnown = (one: string): boolean => agenda.some((item) => item.case === one);
      const proxies = meeting.proxies
        .map(({ giver, holder, cases }) => ({ giver, holder, ...(cases === undefined ? {} : { cases: cases.filter(isKnown) }) }))
        .filter(({ cases }) => cases === undefined || cases.length > 0);
      const { power, convenedAt, opensAt, closesAt, place = null, calledOff = null, charter, rule } = meeting;
      const mayCallOff = calledOff === null && has(standing, meeting.manage) && doors.clock.now() < Date.parse(closesAt);
      const shown = { id, power, convenedAt, opensAt, closesAt, place, calledOff, mayCallOff, charter, agenda, proxies };
      const members = await membersOf(doors, standing.alliance, power);
      const people = await peopleIn(doors, { members, proxies });
      return { ...shown, members, proxiesPerHolder: rule.proxies?.perHolder ?? null, people };
    },
  });

const has = ({ powers }: Standing, wanted: string): boolean => powers.some(({ power }) => power === wanted);

/** Whether somebody may know of a meeting: whom it concerns, and who may know of something on its agenda. */
export async function mayReadMeeting(doors: Doors, standing: Standing, id: string): Promise<boolean> {
  const { state: meeting } = await doors.states.fresh<MeetingState>(meetingStream(id));
  if (meeting.status === 'none' || !sitsInOrKeeps(standing, meeting)) return false;
  for (const item of meeting.agenda) if ((await shownItem(doors, standing, item)).length > 0) return true;
  return false;
}

const sitsInOrKeeps = (standing: Standing, meeting: MeetingState): boolean =>
  meeting.status === 'convened' && [meeting.power, meeting.manage, auditPower].some((power) => has(standing, power));

async function membersOf(doors: Doors, alliance: string, power: string): Promise<string[]> {
  const { state: charter } = await doors.states.fresh<CharterHistory>(charterStream(alliance));
  const organ = charter.powers[power]?.organ;
  if (organ === undefined) return [];
  const { state } = await doors.states.fresh<OrganSeats>(organStream(alliance, organ));
  return [...new Set(state.seats.filter((seat) => holds(seat, doors.clock.now())).map(({ person }) => person))];
}

/** An item of an agenda, for who may know of it. */
async function shownItem(
  doors: Doors,
  standing: Standing,
  item: { readonly case: string; readonly stage: string },
): Promise<readonly Static<typeof Item>[]> {
  const { state } = await doors.states.fresh<CaseState>(`case-${item.case}`);
  if (state.status === 'none') return [];
  const definition = await adopted(doors.states, standing.alliance, state.definition);
  if (!mayKnow(definition, state, viewerOf(standing))) return [];
  return [{ ...item, number: state.number, title: String(state.form['title'] ?? state.number) }];
}
