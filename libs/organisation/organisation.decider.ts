import {
  charterStream,
  type Decider,
  type DecisionContext,
  DomainError,
  holds,
  institutionCode,
  type OrganClause,
  type OrganSeats,
  type Permit,
  type PersonStanding,
  provinceOfCode,
  sealed,
  type Seat,
} from '#kernel';
import type {
  FillSeat,
  InstitutionCommand,
  InstitutionEvent,
  InstitutionFacts,
  OrganCommand,
  OrganEvent,
} from './organisation.messages.js';

/** What the charter in force says of an organ's seats. */
interface SeatRules extends OrganClause {
  readonly seats: {
    readonly filledBy: string;
    readonly termYears: number;
    readonly size?: number;
    readonly maxTerms?: number;
  };
}

interface OrgansOfCharter {
  readonly organs: Readonly<Record<string, SeatRules>>;
}

/** What `permits` and `decide` both see. */
type DecidingPlace = Pick<DecisionContext, 'alliance' | 'id' | 'consulted'>;

const refusal = (code: `organ.${string}`, en: string, zh: string, details: Record<string, unknown> = {}): DomainError =>
  new DomainError(code, { en, zh }, details);

/** `<alliance>.<kind>[.<scope>]` */
function address({ alliance, id }: DecidingPlace): { readonly kind: string; readonly scope?: string } {
  const [kind = '', scope] = id.slice(alliance.length + 1).split('.');
  return scope === undefined ? { kind } : { kind, scope };
}

const scopePattern = { institution: institutionCode, province: /^\d{2}$/ } as const;

function rulesOf(context: DecidingPlace): SeatRules {
  const { kind, scope } = address(context);
  const { organs } = context.consulted<OrgansOfCharter>(charterStream(context.alliance));
  const rules = Object.hasOwn(organs, kind) ? organs[kind] : undefined;
  const fits = rules && (rules.scope === 'alliance' ? scope === undefined : scopePattern[rules.scope].test(scope ?? ''));
  if (rules !== undefined && fits) return rules;
  throw refusal(
    'organ.not-in-charter',
    `The charter in force sets up no organ "${context.id}".`,
    `现行章程未设立机构“${context.id}”。`,
    { organ: kind },
  );
}

function fillingPermit(_command: OrganCommand, _organ: OrganSeats, context: DecidingPlace): Permit {
  const { scope } = address(context);
  return { power: rulesOf(context).seats.filledBy, ...(scope === undefined ? {} : { scope }) };
}

/** An organ and who sits in it: `organ-<alliance>.<kind>[.<scope>]`. */
export const organDecider: Decider<OrganCommand, OrganEvent, OrganSeats> = {
  category: 'organ',
  parts: [2, 3],
  permits: { FillSeat: fillingPermit, EndSeat: fillingPermit },
  initialState: { seats: [] },
  consults: (command, _organ, context) => [
    charterStream(context.alliance),
    ...(command.type === 'FillSeat' ? [command.data.person, ...institutionStreams(command.data, context)] : []),
  ],

  decide(command, { seats }, context) {
    switch (command.type) {
      case 'FillSeat':
        checkTerm(command.data, context);
        checkKnown(command.data, context);
        checkPlace(command.data, seats, rulesOf(context));
        return [{ type: 'SeatFilled', data: command.data }];
      case 'EndSeat': {
        const { person, reason } = command.data;
        const seat = seats.find((held) => held.person === person && context.now < Date.parse(held.until));
        if (seat === undefined) {
          throw refusal(
            'organ.no-such-seat',
            'This person holds no seat here that could end.',
            '该人员在此机构没有可终止的席位。',
            { person },
          );
        }
        const at = new Date(context.now).toISOString();
        return [{ type: 'SeatEnded', data: { person, seat: seat.granted, at, reason: sealed(reason) } }];
      }
    }
  },

  foldsFacts: true,
  evolve({ seats }, event, { id }) {
    switch (event.type) {
      case 'SeatFilled':
        return { seats: [...seats, { ...event.data, granted: id }] };
      case 'SeatEnded':
        return { seats: seats.map((seat) => (seat.granted === event.data.seat ? { ...seat, until: event.data.at } : seat)) };
    }
  },
};

function checkTerm({ from, until }: FillSeat, context: DecisionContext): void {
  const [start, end] = [Date.parse(from), Date.parse(until)];
  if (!(start < end && context.now < end)) {
    throw refusal(
      'organ.term-over',
      'A term must end after it begins, and not in the past.',
      '任期须先起后止，且不得已经届满。',
      { from, until },
    );
  }
  const { termYears } = rulesOf(context).seats;
  const longest = new Date(start);
  longest.setUTCFullYear(longest.getUTCFullYear() + termYears);
  if (end <= longest.getTime()) return;
  throw refusal(
    'organ.term-too-long',
    `The charter gives this organ terms of at most ${termYears} years; end the term by ${longest.toISOString()}.`,
    `章程规定该机构每届任期不超过 ${termYears} 年，任期最迟应于 ${longest.toISOString()} 届满。`,
    { termYears, until },
  );
}

/** The institution whose office it is, and the holder's employer. */
function institutionStreams({ institution }: FillSeat, context: DecidingPlace): readonly string[] {
  const { scope = '' } = address(context);
  const codes = [...(institutionCode.test(scope) ? [scope] : []), ...(institution === undefined ? [] : [institution])];
  return [...new Set(codes)].map((code) => `institution-${context.alliance}.${code}`);
}

/** Seats are held by people who may act, in institutions that the alliance knows. */
function checkKnown(wanted: FillSeat, context: DecisionContext): void {
  const { person } = wanted;
  const { status } = context.consulted<PersonStanding>(person);
  if (status === 'disabled') {
    throw refusal(
      'organ.person-disabled',
      'This person is disabled and may not act. Have them enabled first, or seat another.',
      '该人员已停用，不能履职，请先恢复启用或另选他人。',
      { person },
    );
  }
  if (status !== 'active') {
    throw refusal(
      'organ.unknown-person',
      'Nobody is registered under this id. Register the person first, then fill the seat.',
      '没有登记过该人员编号，请先登记人员，再任命席位。',
      { person },
    );
  }
  const unknown = institutionStreams(wanted, context).find((name) => context.consulted<Institution>(name).facts === undefined);
  if (unknown === undefined) return;
  const institution = unknown.slice(`institution-${context.alliance}.`.length);
  throw refusal(
    'organ.unknown-institution',
    `Institution ${institution} is not in the register; have it registered first.`,
    `院校 ${institution} 尚未登记，请先办理登记。`,
    { institution },
  );
}

const overlaps = (one: Pick<Seat, 'from' | 'until'>, other: Pick<Seat, 'from' | 'until'>): boolean =>
  Date.parse(one.from) < Date.parse(other.until) && Date.parse(other.from) < Date.parse(one.until);

function checkPlace(wanted: FillSeat, seats: readonly Seat[], { seats: { size, maxTerms } }: SeatRules): void {
  const meanwhile = seats.filter((seat) => overlaps(seat, wanted));
  const { person } = wanted;
  if (meanwhile.some((seat) => seat.person === person)) {
    throw refusal(
      'organ.seated-already',
      'This person already holds a seat here in that time.',
      '该人员在此期间已在该机构任职。',
      { person },
    );
  }
  if (wanted.role === 'chair' && meanwhile.some(({ role }) => role === 'chair')) {
    throw refusal(
      'organ.chair-taken',
      'This organ has a chair in that time; end that seat first.',
      '该机构在此期间已有主任委员，请先终止其席位。',
    );
  }
  const served = seats.filter((seat) => seat.person === person).length;
  if (maxTerms !== undefined && served >= maxTerms) {
    throw refusal(
      'organ.terms-served',
      `The charter allows ${maxTerms} terms in this organ, and this person has served them.`,
      `章程规定在该机构最多任 ${maxTerms} 届，该人员已任满。`,
      { person, maxTerms },
    );
  }
  if (size === undefined) return;
  const beginnings = new Set([wanted, ...meanwhile].map(({ from }) => Math.max(Date.parse(from), Date.parse(wanted.from))));
  const fullest = Math.max(...[...beginnings].map((at) => meanwhile.filter((seat) => holds(seat, at)).length));
  if (fullest < size) return;
  throw refusal(
    'organ.full',
    `The charter gives this organ ${size} seats, and all are held.`,
    `章程规定该机构设 ${size} 席，已无空缺。`,
    { size },
  );
}

/** What the alliance knows of an institution: `institution-<alliance>.<moeCode>`. Kept whether or not it is a member. */
export interface Institution {
  readonly facts?: InstitutionFacts;
}

export const institutionDecider: Decider<InstitutionCommand, InstitutionEvent, Institution> = {
  category: 'institution',
  parts: 2,
  permits: { RegisterInstitution: 'register-institution' },
  initialState: {},

  decide({ data }, { facts }, { alliance, id }) {
    checkCode(id.slice(alliance.length + 1), data);
    if (facts === undefined) return [{ type: 'InstitutionRegistered', data }];
    const { name, ...rest } = data;
    const { name: before, ...known } = facts;
    return [
      ...(name === before ? [] : [{ type: 'InstitutionRenamed' as const, data: { name, before } }]),
      ...(sameFacts(rest, known) ? [] : [{ type: 'InstitutionCorrected' as const, data: rest }]),
    ];
  },

  evolve({ facts }, event) {
    switch (event.type) {
      case 'InstitutionRegistered':
        return { facts: event.data };
      case 'InstitutionRenamed':
        return { facts: { ...(facts as InstitutionFacts), name: event.data.name } };
      case 'InstitutionCorrected':
        return { facts: { name: (facts as InstitutionFacts).name, ...event.data } };
    }
  },
};

function checkCode(code: string, { province, schoolCode }: InstitutionFacts): void {
  if (!institutionCode.test(code)) {
    throw new DomainError('institution.no-code', {
      en: 'An institution is registered under its ten-digit code of the Ministry; one in Hong Kong or Macao under HK or MO and an abbreviation, like HKCUHK.',
      zh: '院校须以教育部十位标识码登记；港澳院校以 HK 或 MO 加缩写登记，例如 HKCUHK。',
    });
  }
  const region = provinceOfCode(code);
  if (region !== undefined ? region === province && schoolCode === undefined : schoolCode !== undefined) return;
  throw new DomainError(
    'institution.code-differs',
    {
      en: 'The code and the facts name different lists: HK stands in province 81, MO in 82, both without a school code; all others have one.',
      zh: '标识码与登记内容不一致：HK 对应 81，MO 对应 82，且均无学校代码；其他院校须有学校代码。',
    },
    { province, ...(region === undefined ? {} : { expected: region }) },
  );
}

type Rest = Omit<InstitutionFacts, 'name'>;

const sameFacts = (one: Rest, other: Rest): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => one[key as keyof Rest] === other[key as keyof Rest]);
