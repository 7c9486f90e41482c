import { type CharterDocument } from '#charter';
import type { InstitutionFacts, SeatRole } from '#organisation';
import type { Rehearsal } from './rehearsal.js';

export interface Someone {
  /** `person-…` */
  readonly person: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly email?: string;
  /** The employer, by `moe_code`. */
  readonly institution?: string;
  readonly seats: readonly {
    readonly organ: string;
    /** `moe_code` or two-digit province, for organs that exist once for each. */
    readonly scope?: string;
    readonly role?: SeatRole;
  }[];
}

export interface Plan {
  readonly charter: CharterDocument;
  readonly institutions: readonly { readonly code: string; readonly facts: InstitutionFacts; readonly member: boolean }[];
  readonly people: readonly Someone[];
  /** The term of every seat, ISO 8601 UTC. */
  readonly term: { readonly from: string; readonly until: string };
}

/** Founds an alliance as its operator would: charter, institutions, members, people, seats. */
export async function found(rehearsal: Rehearsal, plan: Plan): Promise<void> {
  await adopt(rehearsal, plan);
  for (const { code, facts } of plan.institutions)
    await rehearsal.operator('institution', code, { type: 'RegisterInstitution', data: facts });
  await furnish(rehearsal, plan);
}

/** Adopts the charter. */
export const adopt = (rehearsal: Rehearsal, { charter }: Pick<Plan, 'charter'>) =>
  rehearsal.operator('charter', '', { type: 'AdoptCharter', data: { document: charter } });

/** Admits members, all of them registered, and fills seats. */
export async function furnish(rehearsal: Rehearsal, { institutions, people, term }: Omit<Plan, 'charter'>): Promise<void> {
  for (const { code } of institutions.filter(({ member }) => member)) {
    await rehearsal.operator('membership', code, { type: 'ApplyToJoin', data: { memberClass: 'ordinary' } });
    await rehearsal.operator('membership', code, { type: 'AdmitMember', data: {} });
  }
  for (const someone of people) await register(rehearsal, someone);
  for (const { person, institution, seats } of people) {
    for (const { organ, scope, role = 'member' } of seats) {
      await rehearsal.operator('organ', scope === undefined ? organ : `${organ}.${scope}`, {
        type: 'FillSeat',
        data: { person, role, ...term, ...(institution === undefined ? {} : { institution }) },
      });
    }
  }
}

/** Enters a person into the register of the alliance. */
export const register = (rehearsal: Rehearsal, { person, name, email, institution }: Omit<Someone, 'seats'>) =>
  rehearsal.operator('person', person.slice('person-'.length), {
    type: 'RegisterPerson',
    data: { person, name, ...(email === undefined ? {} : { email }), ...(institution === undefined ? {} : { institution }) },
  });
