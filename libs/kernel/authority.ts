import { DomainError } from './errors.js';

/** A power of the charter and, where its organ exists once per institution or province, which one. */
export interface Permit {
  readonly power: string;
  /** `moe_code` of the institution or two-digit code of the province. */
  readonly scope?: string;
}

/** How an organ comes to a decision. Fractions are exact: `[2, 3]` is two thirds. */
export interface DecisionRule {
  readonly quorum: { readonly atLeast: readonly [number, number]; readonly of: 'all-seats' | 'eligible-seats' };
  readonly majority: {
    readonly over: readonly [number, number];
    readonly atLeast?: boolean;
    readonly of: 'votes-cast' | 'present' | 'all-seats';
  };
  readonly tie: 'chair-decides' | 'not-carried';
  readonly secret?: boolean;
  /** Votes are taken in meetings alone, of which notice is given so long before; by correspondence where absent. */
  readonly notice?: { readonly workingDays: number };
  /** Whether members may vote for absent ones, for how many each, and whether those count for the quorum. */
  readonly proxies?: { readonly perHolder: number; readonly countForQuorum: boolean };
}

/** One organ holds one power; `rule` says how it decides where it decides together. */
export interface PowerClause {
  readonly organ: string;
  readonly rule?: string;
  /** Workflows that may carry out this power once they have come to their end: by definition id. */
  readonly workflows?: readonly string[];
  /** Whether the operator of the installation may carry it out for the organ (imports, upkeep). */
  readonly operator?: boolean;
  /** The power under which appeals in this matter are decided: one that is granted stands in place of the organ's vote. */
  readonly appeal?: string;
}

export interface OrganClause {
  /** Whether the organ exists once, once per member institution, or once per province. */
  readonly scope: 'alliance' | 'institution' | 'province';
}

/** The part of a charter that authority is read from: kept by context `charter` as the state of `charter-<alliance>`. */
export interface CharterInForce {
  /** 0 before the first charter. */
  readonly version: number;
  /** Id of the event that adopted it. */
  readonly adoption: string;
  readonly organs: Readonly<Record<string, OrganClause>>;
  readonly powers: Readonly<Record<string, PowerClause>>;
  readonly rules: Readonly<Record<string, DecisionRule>>;
}

/** The state of `charter-<alliance>`: the charter in force and every earlier one, for what was opened under it. */
export interface CharterHistory extends CharterInForce {
  readonly versions: Readonly<Record<number, CharterInForce>>;
  /** What the charter in force says of rounds that were opened before it. */
  readonly transition?: 'keep' | 'move';
}

export interface Seat {
  readonly person: string;
  readonly role: 'member' | 'chair' | 'deputy';
  /** From this instant on, ISO 8601 UTC. */
  readonly from: string;
  /** Before this instant; the end of the term or of the seat, whichever came first. */
  readonly until: string;
  /** Id of the event that gave the seat. */
  readonly granted: string;
  /** The holder's employer, by `moe_code`: a conflict of interest starts here. */
  readonly institution?: string;
}

/** Who sits in an organ: kept by context `organisation` as the state of `organ-<alliance>.<kind>[.<scope>]`. */
export interface OrganSeats {
  readonly seats: readonly Seat[];
}

/** Whether a member may act: kept by context `membership` as the state of `membership-<alliance>.<institution>`. */
export interface MembershipStanding {
  readonly status: 'stranger' | 'applicant' | 'member' | 'suspended' | 'left';
}

/** Whether a person may act: kept by context `identity` as the state of `person-<id>`. */
export interface PersonStanding {
  readonly status: 'unknown' | 'active' | 'disabled' | 'erased';
}

/** Everyone who is signed in; an organ that charters may name and nobody sits in. */
export const publicOrgan = 'public';
/** The workflow engine, as the holder of the power to keep workflows moving. */
export const engineOrgan = 'engine';

export const charterStream = (alliance: string): string => `charter-${alliance}`;
export const organStream = (alliance: string, organ: string, scope?: string): string =>
  scope === undefined ? `organ-${alliance}.${organ}` : `organ-${alliance}.${organ}.${scope}`;
export const membershipStream = (alliance: string, institution: string): string => `membership-${alliance}.${institution}`;

/** Who sends a command, as the door or the engine has established it. */
export type Caller = PersonCaller | OrderedCaller | EngineCaller | OperatorCaller;

interface CallerBase {
  readonly alliance: string;
  /** The caller's own id for the command. The same one again is a retry. */
  readonly commandId: string;
  readonly correlation?: string;
  readonly causation?: string;
  /** ETag of the state that the caller has seen: refused if the stream has moved on. */
  readonly ifRevision?: number;
}

/** A person, or a machine key that acts for one (`actor` is the machine, `principal` the person). */
export interface PersonCaller extends CallerBase {
  readonly kind: 'person';
  readonly actor: string;
  readonly principal: string;
  /** The office of a member that a secretary says to act for: `organ-…`. It counts once the charter has granted it. */
  readonly onBehalfOf?: string;
  /** Powers that a machine key is limited to. */
  readonly powers?: readonly string[];
}

/**
 * Somebody's order that the engine carries out step by step: each step is theirs, under the authority that they had when they gave it.
 */
export interface OrderedCaller extends CallerBase {
  readonly kind: 'ordered';
  readonly actor: string;
  readonly principal: string;
  readonly onBehalfOf?: string;
  /** What the order was given under; a step that needs anything else is refused. */
  readonly under: {
    readonly permit: Permit;
    /** Version of the charter. */
    readonly charter: number;
    /** The events that the order rested on, and the order. */
    readonly proof: readonly string[];
  };
}

/** A workflow that carries out what its case has come to. */
export interface EngineCaller extends CallerBase {
  readonly kind: 'engine';
  /** Id of the workflow definition. */
  readonly workflow: string;
  /** The events it rests on: the case's opening, the decision. */
  readonly proof: readonly string[];
}

/** Whoever runs the installation: founds the alliance, imports lists. */
export interface OperatorCaller extends CallerBase {
  readonly kind: 'operator';
}

export const actorOf = (caller: Caller): string => ('actor' in caller ? caller.actor : caller.kind);
/** The person whose seats count. */
export const principalOf = (caller: Caller): string => ('principal' in caller ? caller.principal : caller.kind);

/** The answer of the charter: yes, under this. */
export interface Grant {
  readonly power: string;
  readonly charter: number;
  readonly organ: string;
  readonly rule?: DecisionRule;
  readonly proof: readonly string[];
  /** The office of a member for which a secretary acts, under the power to act for members. */
  readonly onBehalfOf?: string;
}

/** The state of a stream. */
export type StateOf = <T>(stream: string) => T;

const refusal = (code: `authority.${string}`, en: string, zh: string, details: Record<string, unknown>): DomainError =>
  new DomainError(code, { en, zh }, details);

/**
 * Finds the charter's answer to "may this caller use this power, here, now?". Default deny.
 *
 * Reads three kinds of streams through `stateOf`: the charter, the organ that holds the power, the membership of its institution.
 * @throws DomainError `authority.*` with the power and the organ that holds it
 */
export function authorise(caller: Caller, permit: Permit, now: number, stateOf: StateOf): Grant {
  if (caller.kind === 'ordered') return orderedGrant(caller, permit, stateOf);
  const charter = stateOf<CharterInForce>(charterStream(caller.alliance));
  if (charter.version === 0) return foundingGrant(caller, permit);
  const clause = Object.hasOwn(charter.powers, permit.power) ? charter.powers[permit.power] : undefined;
  if (clause === undefined) throw noSuchPower(permit, charter);
  const base = {
    power: permit.power,
    charter: charter.version,
    organ: clause.organ,
    ...(clause.rule === undefined ? {} : { rule: charter.rules[clause.rule] as DecisionRule }),
  };
  if (caller.kind === 'engine') return { proof: engineProof(caller, permit, clause, charter), ...base };
  if (caller.kind === 'operator') return { proof: operatorProof(permit, clause, charter), ...base };
  if (caller.powers !== undefined && !caller.powers.includes(permit.power)) throw outOfScope(permit);
  const { onBehalfOf } = caller;
  if (onBehalfOf === undefined && clause.organ === publicOrgan) return { proof: [charter.adoption], ...base };
  const proof = [charter.adoption, ...seatProof(caller, permit, clause, charter, now, stateOf)];
  return onBehalfOf === undefined ? { proof, ...base } : { proof, onBehalfOf, ...base };
}

/** What was lawful when it was ordered is carried out, whoever holds the seat meanwhile. */
function orderedGrant({ alliance, onBehalfOf, under }: OrderedCaller, permit: Permit, stateOf: StateOf): Grant {
  const { power, scope } = under.permit;
  const history = stateOf<CharterHistory>(charterStream(alliance));
  const { powers, rules } = history.versions[under.charter] ?? history;
  const clause = Object.hasOwn(powers, power) ? powers[power] : undefined;
  if (clause === undefined || permit.power !== power || permit.scope !== scope) throw notOrdered(permit);
  return {
    power,
    charter: under.charter,
    organ: clause.organ,
    ...(clause.rule === undefined ? {} : { rule: rules[clause.rule] as DecisionRule }),
    proof: under.proof,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  };
}

const notOrdered = ({ power }: Permit): DomainError =>
  refusal(
    'authority.not-ordered',
    `This step needs the power "${power}", and the order was given under another.`,
    `此步骤所需职权为“${power}”，与下达该指令所依据的职权不符。`,
    { power },
  );

function foundingGrant(caller: Caller, { power }: Permit): Grant {
  if (caller.kind === 'operator' && power === 'found-alliance') return { power, charter: 0, organ: 'operator', proof: [] };
  throw refusal(
    'authority.no-charter',
    'This alliance has no charter in force yet; it must be founded first.',
    '该联盟尚无生效的章程，须先成立联盟。',
    { power },
  );
}

const noSuchPower = ({ power }: Permit, { version }: CharterInForce): DomainError =>
  refusal(
    'authority.no-such-power',
    `The charter in force (version ${version}) gives the power "${power}" to no organ.`,
    `现行章程（第 ${version} 版）未将“${power}”职权授予任何机构。`,
    { power, charter: version },
  );

const outOfScope = ({ power }: Permit): DomainError =>
  refusal(
    'authority.key-scope',
    `This machine key was not issued for the power "${power}". Ask its owner for a key with that scope.`,
    `该机器密钥未获“${power}”职权范围，请向密钥所有者申请。`,
    { power },
  );

function engineProof(caller: EngineCaller, { power }: Permit, clause: PowerClause, charter: CharterInForce): readonly string[] {
  if (clause.organ === engineOrgan || clause.workflows?.includes(caller.workflow)) return [charter.adoption, ...caller.proof];
  throw refusal(
    'authority.not-for-workflows',
    `The charter does not let the workflow "${caller.workflow}" carry out the power "${power}".`,
    `章程未授权工作流“${caller.workflow}”执行“${power}”职权。`,
    { power, workflow: caller.workflow },
  );
}

function operatorProof({ power }: Permit, clause: PowerClause, charter: CharterInForce): readonly string[] {
  if (clause.operator === true) return [charter.adoption];
  throw refusal(
    'authority.not-for-operators',
    `The charter does not let the operator carry out the power "${power}"; a seat in "${clause.organ}" is needed.`,
    `章程未授权运营方执行“${power}”职权，须由“${clause.organ}”席位持有人行使。`,
    { power, organ: clause.organ },
  );
}

function seatProof(
  caller: PersonCaller,
  permit: Permit,
  clause: PowerClause,
  charter: CharterInForce,
  now: number,
  stateOf: StateOf,
): readonly string[] {
  const scope = charter.organs[clause.organ]?.scope ?? 'alliance';
  if (scope !== 'alliance' && permit.scope === undefined) throw noSeat(permit, clause, charter);
  const organ = organStream(caller.alliance, clause.organ, scope === 'alliance' ? undefined : permit.scope);
  const standing = (): void => {
    if (scope === 'institution') requireStanding(caller.alliance, permit.scope as string, stateOf);
  };
  if (caller.onBehalfOf !== undefined) {
    const { onBehalfOf, ...secretary } = caller;
    // This first: whoever may act for nobody must not learn, by naming offices, whose case it is.
    const { proof } = authorise(secretary, { power: actForMembers }, now, stateOf);
    if (scope !== 'institution' || onBehalfOf !== organ) throw notOnBehalf(permit, clause);
    standing();
    return proof;
  }
  const { seats } = stateOf<OrganSeats>(organ);
  const seat = seats.find((held) => held.person === caller.principal && holds(held, now));
  if (seat === undefined) throw noSeat(permit, clause, charter);
  standing();
  return [seat.granted];
}

/** The power of the secretariat to act for an office of a member, on record under both names. No other organ is acted for. */
const actForMembers = 'act-for-members';

/** Whose office it is stays unsaid here too. */
const notOnBehalf = ({ power }: Permit, { organ }: PowerClause): DomainError =>
  refusal(
    'authority.not-on-behalf',
    `The power "${power}" of "${organ}" is not used here on behalf of the office that you named. The secretariat acts for the member institution concerned alone; otherwise leave out Entente-On-Behalf-Of.`,
    `此处不能以您所写的部门名义行使“${organ}”的“${power}”职权：秘书处只能代有关成员单位的部门办理，其他情形请去掉 Entente-On-Behalf-Of。`,
    { power, organ },
  );

/** Whether a seat is held at an instant: from `from`, until just before `until`. */
export const holds = (seat: Pick<Seat, 'from' | 'until'>, now: number): boolean =>
  Date.parse(seat.from) <= now && now < Date.parse(seat.until);

/** Whose office it is stays unsaid: a reviewer who must not know the applicant would read it here. */
const noSeat = ({ power }: Permit, { organ }: PowerClause, { version }: CharterInForce): DomainError =>
  refusal(
    'authority.no-seat',
    `The power "${power}" belongs to "${organ}", and you hold no seat in the one concerned now.`,
    `“${power}”职权属于有关的“${organ}”，您目前在其中没有席位。`,
    { power, organ, charter: version },
  );

function requireStanding(alliance: string, institution: string, stateOf: StateOf): void {
  const { status } = stateOf<MembershipStanding>(membershipStream(alliance, institution));
  if (status === 'member') return;
  throw refusal(
    'authority.not-a-member',
    `Institution ${institution} is not a member in good standing (${status}), so its offices cannot act.`,
    `院校 ${institution} 目前不是资格正常的成员单位（${status}），其部门不能行使职权。`,
    { institution, status },
  );
}

/**
 * Stops one member from carrying out alone what the charter has its organ decide together: a power with a decision rule
 * is carried out by the workflow that took the vote.
 *
 * @throws DomainError `authority.decided-together`
 */
export function refuseAlone({ actor, grant }: { readonly actor: string; readonly grant: Grant }): void {
  if (grant.rule === undefined || actor === 'engine' || actor === 'operator') return;
  throw refusal(
    'authority.decided-together',
    `"${grant.organ}" uses the power "${grant.power}" by a resolution, not through one of its members; put it to the vote.`,
    `“${grant.organ}”须以决议方式行使“${grant.power}”职权，不能由成员个人行使，请提交表决。`,
    { power: grant.power, organ: grant.organ, charter: grant.charter },
  );
}
