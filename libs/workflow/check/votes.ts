import { canonicalJson } from '#kernel';
import { type Definition, withdrawnEnd } from '../definition.js';
import { procedureOf } from '../subcases/subcase.js';
import type { CharterGiven } from './charter-given.js';
import { sentBy } from './commands.js';
import { commandKnown, type ContextsKnown } from './contexts-known.js';
import { type Finding, finding } from './finding.js';
import { netOf, wonAppeals } from './flow.js';
import { mostMarkings, play, type Transition } from './net.js';

/**
 * Commands under powers that the charter has an organ use by resolution, to which a case can come though that organ has carried no vote
 * on it by the rule of that power, or has voted it down since. A vote by another rule is none: its majority may be the smaller one. An
 * appeal that is granted stands in place of the vote where the charter says under which power such appeals are decided. Of a definition
 * whose names are in order.
 */
export function voteFindings(definition: Definition, charter: CharterGiven, contexts: ContextsKnown): readonly Finding[] {
  return sentBy(definition).flatMap(({ command, path }) => {
    const power = commandKnown(contexts, command)?.power;
    const clause = charter.powers.find((one) => one.power === power);
    if (clause?.rule === undefined) return [];
    const place = placeAt(definition, path);
    const open = openAt(definition, verdictUnder(definition, charter, clause));
    return open.has(place) ? [pastTheVote(clause, place, path)] : [];
  });
}

/** The stage or end that a command stands at. */
function placeAt({ stages }: Definition, path: string): string {
  const [, part, at = ''] = path.split('/');
  return part === 'ends' ? at : (stages[Number(at)]?.id ?? '');
}

/** Whether a transition is the organ's yes or its no; undefined for any other. */
type VerdictOf = (transition: Transition) => boolean | undefined;

type Resolved = Pick<CharterGiven['powers'][number], 'power' | 'organ' | 'rule' | 'appeal'>;

function verdictUnder(definition: Definition, charter: CharterGiven, { organ, rule, appeal }: Resolved): VerdictOf {
  const ruleOf = (name: string | undefined): string =>
    canonicalJson((name === undefined ? undefined : charter.rules[name]) ?? null);
  const holds = (power: string): boolean =>
    charter.powers.some((held) => held.power === power && held.organ === organ && ruleOf(held.rule) === ruleOf(rule));
  const granted = wonAppeals(definition).filter(({ id }) => appeal !== undefined && isDecidedUnder(definition, id, appeal));
  const voted = verdictAt(definition, (stage) => stage.kind === 'ballot' && holds(stage.power));
  return (transition) =>
    granted.some(({ id, from }) => transition.id === id && from.some((end) => transition.from.includes(end)))
      ? true
      : voted(transition);
}

/** Whether an appeal comes to an end of its (`<appeal>.<end>`) by the ruling or the vote of whoever decides it, on every way. */
function isDecidedUnder(definition: Definition, id: string, power: string): boolean {
  const [name = '', end = ''] = id.split('.');
  const procedure = procedureOf(definition, name);
  const decided = verdictAt(procedure, (stage) => stage.power === power);
  return !openAt(procedure, decided).has(end);
}

const yes = { ballot: 'carried', ruling: 'sustained' } as const;

const verdictAt =
  ({ stages }: Definition, isMeant: (stage: Definition['stages'][number]) => boolean): VerdictOf =>
  ({ id, from }) => {
    const stage = stages.find((one) => from.includes(one.id) && (one.kind === 'ballot' || one.kind === 'ruling') && isMeant(one));
    return stage === undefined ? undefined : id === `${stage.id}.${yes[stage.kind as keyof typeof yes]}`;
  };

/** No stage and no end is called so. */
const [carried, open] = ['vote: carried', 'vote: open'] as const;

/** Where a case can stand while no yes has been given, or a no since. The applicant may go home from anywhere. */
function openAt(definition: Definition, verdictOf: VerdictOf): ReadonlySet<string> {
  const net = netOf(definition);
  const transitions = net.transitions.flatMap((transition): readonly Transition[] => {
    const verdict = verdictOf(transition);
    if (verdict === undefined && transition.clears !== true) return [transition];
    return [carried, open].map((before) => ({
      ...transition,
      from: [...transition.from, before],
      to: [...transition.to, verdict === undefined ? before : verdict ? carried : open],
    }));
  });
  // Nothing is over at an end, because appeals lead on from there.
  const { reached } = play({ start: [...net.start, open], transitions, ends: new Set() }, 2 * mostMarkings);
  return new Set([withdrawnEnd, ...reached.filter((marking) => marking.includes(open)).flat()]);
}

const pastTheVote = ({ power, organ, rule }: Resolved, place: string, path: string): Finding =>
  finding(
    'past-the-vote',
    path,
    [
      `"${organ}" uses the power "${power}" by resolution, and a case can come to "${place}" without a vote that it has carried by the rule "${rule}".`,
      `“${organ}”须以决议方式行使“${power}”职权，而案件可未经其按“${rule}”议决规则表决通过即到达“${place}”。`,
    ],
    [
      `Let every way to "${place}" pass a ballot of "${organ}", under a power with that rule, and lead on from its outcome carried. For an appeal, let the charter name beside that power the one under which such appeals are decided (appeal).`,
      `请使到达“${place}”的每条路径都经过“${organ}”依据适用该规则的职权进行的表决，并由 carried 结果继续；如经申诉到达，请在章程该职权中写明裁定申诉的职权（appeal）。`,
    ],
  );
