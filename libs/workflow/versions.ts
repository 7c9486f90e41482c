import { canonicalJson, sha256 } from '#kernel';
import type { Judged } from './case.events.js';
import type { Case, HandedInVersion, Visit } from './case.state.js';

type HandedIn = Pick<HandedInVersion, 'form' | 'files'>;

/** What a version of an application is known by: SHA-256 (hex) of its canonical form and files. */
export const hashOfVersion = ({ form, files }: HandedIn): string => sha256(canonicalJson({ form, files }), 'hex');

/** The application as it stood in a version; as it stands now where that is not kept. */
export const versionIn = ({ version, form, files, earlier }: Case, wanted: number): HandedInVersion =>
  earlier.find((one) => one.version === wanted) ?? { version, form, files };

/** The version that a visit judges: the one that it began with, whatever has been replaced since. */
export function judgedIn(state: Case, visit: Visit): Judged {
  const pinned = versionIn(state, visit.version ?? state.version);
  return { version: pinned.version, sha256: hashOfVersion(pinned) };
}

/** What a case keeps when a version takes the place of the one before. */
export const succeeded = ({ version, form, files, earlier }: Case): Pick<Case, 'earlier'> => ({
  earlier: [...earlier, { version, form, files }],
});
