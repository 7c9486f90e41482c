import { type Decider, type DecisionContext, DomainError, isUuid, notFound, type PersonStanding, sealed } from '#kernel';
import type { CorrectPerson, PersonCommand, PersonDetails, PersonEvent, RegisterPerson } from './identity.messages.js';

export interface Person extends PersonStanding {
  /** The alliance that registered the person, and the only one that may change them. Seats elsewhere are that alliance's affair. */
  readonly alliance?: string;
}

/**
 * People sit in organs of several alliances, so their streams are shared. A shared stream is within reach of every alliance's powers;
 * the rule therefore answers any alliance but the person's own as if there were nobody here.
 */
export const personDecider: Decider<PersonCommand, PersonEvent, Person> = {
  category: 'person',
  parts: 1,
  shared: true,
  permits: {
    RegisterPerson: 'register-person',
    CorrectPerson: 'register-person',
    DisablePerson: 'register-person',
    EnablePerson: 'register-person',
    InvitePerson: 'register-person',
    ErasePerson: 'register-person',
  },
  initialState: { status: 'unknown' },

  decide(command, person, context) {
    requireOwnAlliance(command, person, context);
    requireOwnKey(command, context);
    if (command.type === 'ErasePerson') return person.status === 'erased' ? [] : [{ type: 'PersonErased', data: {} }];
    if (person.status === 'erased') throw erased();
    switch (command.type) {
      case 'RegisterPerson':
        if (person.status !== 'unknown') throw alreadyRegistered();
        return [{ type: 'PersonRegistered', data: { alliance: context.alliance, ...registered(command.data) } }];
      case 'CorrectPerson':
        return corrected(command.data);
      case 'DisablePerson':
        if (person.status === 'disabled') return [];
        return [{ type: 'PersonDisabled', data: { reason: sealed(command.data.reason) } }];
      case 'EnablePerson':
        if (person.status === 'active') return [];
        return [{ type: 'PersonEnabled', data: { reason: sealed(command.data.reason) } }];
      case 'InvitePerson':
        if (person.status === 'disabled') throw disabled();
        return [{ type: 'PersonInvited', data: {} }];
    }
  },

  evolve(person, event) {
    switch (event.type) {
      case 'PersonRegistered':
        return { status: 'active', alliance: event.data.alliance };
      case 'PersonCorrected':
      case 'PersonInvited':
        return person;
      case 'PersonDisabled':
        return { ...person, status: 'disabled' };
      case 'PersonEnabled':
        return { ...person, status: 'active' };
      case 'PersonErased':
        return { ...person, status: 'erased' };
    }
  },
};

function requireOwnAlliance(command: PersonCommand, person: Person, { alliance, id }: DecisionContext): void {
  if (!isUuid(id)) throw notFound('person');
  const isNew = person.status === 'unknown' && command.type === 'RegisterPerson';
  if (!isNew && person.alliance !== alliance) throw notFound('person');
}

/** Values sealed under somebody else's key would outlive this person's erasure, and die with another's. */
function requireOwnKey({ data }: PersonCommand, { id }: DecisionContext): void {
  if (!('person' in data) || data.person === `person-${id}`) return;
  throw new DomainError(
    'person.another-person',
    {
      en: 'The field "person" names somebody else than the address. Send the id that stands in the address.',
      zh: '“person”字段与地址中的人员不一致，请填写地址中的人员编号。',
    },
    { person: data.person },
  );
}

const details = ({ email, institution }: CorrectPerson): PersonDetails => ({
  ...(email === undefined ? {} : { email: sealed(email) }),
  ...(institution === undefined ? {} : { institution: sealed(institution) }),
});

const registered = ({ name, ...rest }: RegisterPerson) => ({ name: sealed(name), ...details(rest) });

function corrected({ name, ...rest }: CorrectPerson): readonly PersonEvent[] {
  const data = { ...(name === undefined ? {} : { name: sealed(name) }), ...details(rest) };
  return Object.keys(data).length === 0 ? [] : [{ type: 'PersonCorrected', data }];
}

const alreadyRegistered = () =>
  new DomainError('person.already-registered', {
    en: 'This person is registered already. Send a correction, or register a new person under a new id.',
    zh: '该人员已登记。请提交更正，或使用新编号登记新人员。',
  });

const disabled = () =>
  new DomainError('person.disabled', {
    en: 'This person is disabled and cannot be invited. Enable them first.',
    zh: '该人员已停用，不能发出邀请。请先恢复启用。',
  });

const erased = () =>
  new DomainError('person.erased', {
    en: "This person's data has been erased. Register the person anew, under a new id.",
    zh: '该人员的数据已被删除。如需继续，请以新编号重新登记。',
  });
