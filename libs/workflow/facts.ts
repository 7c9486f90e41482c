import type { Applicant } from './case.events.js';
import type { Facts, FactValue, RegisterFacts } from './condition.js';
import { type Definition, type Stage, stageOf } from './definition.js';
import { institutionFacts } from './language.js';
import { rubricFor } from './rubric.js';

export { formFacts, languageOf, languageWith } from './language.js';

/** Whether there is such a fact; of `subject.*` where it is known what the register says. */
export function isFact({ subject: { fields } }: Definition, fact: string, register?: RegisterFacts): boolean {
  const [group, name = ''] = fact.split('.');
  if (group === 'subject') return register === undefined || Object.hasOwn(register, name);
  return group === 'institution' ? institutionFacts.includes(name) : group === 'form' && fields.some(({ id }) => id === name);
}

/** What conditions are decided on. */
export interface FactSources {
  readonly form: Readonly<Record<string, FactValue>>;
  readonly about: Readonly<Record<string, FactValue>>;
  readonly applicant: Applicant;
  /** Days of the round; a case that was opened before rounds had any has none. */
  readonly dates?: Readonly<Record<string, string>>;
}

/** Facts under the names that conditions use: `form.terms`, `subject.credits`, `institution.level`, `round.closesOn`. */
export const factsOfCase = ({ form, about, applicant, dates = {} }: FactSources): Facts => {
  const { institution: code, level, province, supervisor } = applicant;
  const groups = { form, subject: about, institution: { code, level, province, supervisor }, round: dates };
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => [`${group}.${name}`, value as FactValue | undefined]),
    ),
  );
};

/** A stage as it is for one case: its panel scores by the rubric that is meant for it. @throws Error where the definition has no such stage */
export function stageFor(definition: Definition, id: string, state: FactSources): Stage {
  const stage = stageOf(definition, id);
  if (stage.kind !== 'panel' || stage.rubrics === undefined) return stage;
  const facts = factsOfCase(state);
  return { ...stage, rubric: rubricFor(stage, (fact) => facts[fact]) };
}
