import type { Definition } from '../definition.js';
import { authorityFindings } from './authority.js';
import type { CharterGiven } from './charter-given.js';
import type { ContextsKnown } from './contexts-known.js';
import type { Finding } from './finding.js';
import { ownActFindings } from './own-act.js';
import { separationFindings } from './separation.js';

/** What a definition asks of a charter and does not find there. */
export const charterFindings = (definition: Definition, charter: CharterGiven, contexts?: ContextsKnown): readonly Finding[] => [
  ...authorityFindings(definition, charter, contexts),
  ...ownActFindings(definition, charter),
  ...separationFindings(definition, charter),
];
