import { canonicalJson } from '#kernel';
import type { Visit } from '../case.state.js';
import type { Stage } from '../definition.js';
import { kindOf } from '../stages/index.js';
import { type Obstacle, obstacle } from './obstacle.js';

/** What of an open visit cannot go on at a stage of another version. A kind that does not say is carried only to a stage that is the same. */
export function carried(visit: Visit, from: Stage, to: Stage): readonly Obstacle[] {
  const kind = kindOf(from.kind);
  if (kind.carry !== undefined) return kind.carry(visit, from, to);
  return sameRules(from, to) ? [] : [differs(from)];
}

/** Whether two stages differ in nothing but what they are called in texts and what comes before and after them. */
export const sameRules = (one: Stage, other: Stage): boolean => rulesOf(one) === rulesOf(other);

const rulesOf = ({ title: _title, on: _on, visits: _visits, waitsFor: _waitsFor, return: _return, ...rules }: Stage): string =>
  canonicalJson(rules);

const differs = ({ title, kind }: Stage): Obstacle =>
  obstacle(
    'stage-differs',
    `“${title.en}” (${kind}) is under way and is ruled otherwise in the new version; let the case stay, or begin the stage anew.`,
    `“${title.zh}”（${kind}）正在进行，新版本对其规定不同；请让案件保留原版本，或重新开始该环节。`,
  );
