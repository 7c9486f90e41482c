import type { Case } from './case.state.js';
import type { Definition } from './definition.js';

type Naming = Pick<Case, 'form' | 'about' | 'submittedBy'>;

/**
 * People whom an application names: in a field of its form, as the leader on the register of its subject, or by having handed it in.
 *
 * It is their own cause, so none of them judges it, wherever they are employed.
 */
export function namedIn({ subject }: Definition, { form, about, submittedBy }: Naming): readonly string[] {
  const fields = subject.fields.flatMap(({ id, type }) => (type === 'person' ? [form[id]] : []));
  const named = [...fields, about['leader'], submittedBy].filter((one) => typeof one === 'string' && one !== '');
  return [...new Set(named as readonly string[])];
}

/** Who is kept from judging a case, wherever they work: those who declared a conflict of interest, and those whom it names. */
export const keptFrom = (definition: Definition, state: Naming & Pick<Case, 'conflicts'>): readonly string[] => [
  ...new Set([...state.conflicts, ...namedIn(definition, state)]),
];
