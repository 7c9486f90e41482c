import type { Definition } from '#workflow';

/** Whether a case can come to be granted by its own form and its applicant's own office alone. */
export function isGrantedAlone({ stages }: Definition): boolean {
  const seen = new Set(stages.slice(0, 1).map(({ id }) => id));
  // A set that grows while it is walked: each stage is looked at once.
  for (const id of seen) {
    const stage = stages.find((one) => one.id === id);
    const isOwn = stage?.power === 'endorse-application' || ['choice', 'notice', 'statement'].includes(stage?.kind ?? '');
    for (const to of isOwn && stage !== undefined ? Object.values(stage.on).flat() : []) seen.add(to);
  }
  return seen.has('granted');
}
