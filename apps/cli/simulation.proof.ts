import type { Text } from '#kernel';
import { dayMs } from '../server/rehearsal.players.js';
import type { Incident } from '#workflow';
import type { CaseOutcome } from './simulation.history.js';
import type { Visitor } from './simulation.visitor.js';
import { accepted, type Answer, type Wire } from './simulation.wire.js';

export interface Ended {
  readonly wire: Wire;
  readonly alliance: string;
  /** Keeps the cases, and so may read each timeline. */
  readonly secretary: Visitor;
  readonly cases: readonly CaseOutcome[];
  /** Of the log at the end. */
  readonly position: bigint;
  /** When everything was decided, in milliseconds since 1970 UTC. */
  readonly endedAt: number;
  /** When the next effect falls due, in milliseconds since 1970 UTC. */
  readonly nextDueAt: number | undefined;
  readonly incidents: readonly Incident[];
}

/** What is not as it must be after a round, found out over HTTP like anyone could; nothing in a sound round. */
export async function faultsAfter(round: Ended): Promise<readonly Text[]> {
  const { wire, nextDueAt, incidents } = round;
  const faults: Text[] = [...(await registerFaults(round)), ...(await timelineFaults(round))];
  // Of a recognised course its yearly inspection is owed, and nothing sooner.
  if (nextDueAt !== undefined && nextDueAt < round.endedAt + 180 * dayMs) {
    const at = new Date(nextDueAt).toISOString();
    faults.push({ en: `Something is still owed, at ${at}.`, zh: `仍有待执行事项，时间为 ${at}。` });
  }
  for (const { effect, refusal } of incidents)
    faults.push({ en: `The engine was refused: ${effect.id} ${refusal}`, zh: `引擎指令被拒：${effect.id} ${refusal}` });
  for (const failure of wire.failures) faults.push({ en: `The server failed: ${failure}`, zh: `服务器出错：${failure}` });
  return faults;
}

async function registerFaults({ wire, alliance, cases, position }: Ended): Promise<readonly Text[]> {
  const listed: string[] = [];
  for (let cursor: string | undefined; ;) {
    const path = `/v1/alliances/${alliance}/recognitions?limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const answer = await wire.send({ method: 'GET', path, headers: { 'entente-after': String(position) } });
    const { items, next } = accepted(answer, `GET ${path}`).body as { items: readonly { case: string }[]; next?: string };
    listed.push(...items.map((item) => item.case));
    if (next === undefined) break;
    cursor = next;
  }
  const granted = cases.filter(({ outcome }) => outcome === 'granted').map(({ stream }) => stream);
  if (listed.toSorted().join() === granted.toSorted().join()) return [];
  return [
    {
      en: `The public register lists ${listed.length} courses, but ${granted.length} were recognised, or others.`,
      zh: `公开名册列有 ${listed.length} 门课程，与 ${granted.length} 门认定课程不符。`,
    },
  ];
}

async function timelineFaults({ secretary, cases }: Ended): Promise<readonly Text[]> {
  const faults: Text[] = [];
  for (const { stream } of cases.filter(({ outcome }) => outcome === 'granted')) {
    const path = `/v1/cases/${stream.slice('case-'.length)}/timeline`;
    if (!explains(accepted(await secretary.get(path), `GET ${path}`))) {
      faults.push({ en: `${stream} does not explain its recognition.`, zh: `${stream} 未说明认定理由。` });
    }
  }
  return faults;
}

/** From the opening to the recognition in sentences, each step out of a stage with its reasons. */
function explains({ body }: Answer): boolean {
  const items = body['items'] as readonly { readonly type: string; readonly text: Text; readonly explanation?: unknown }[];
  const left = items.filter(({ type }) => type === 'StageLeft');
  return (
    items[0]?.type === 'CaseOpened' &&
    items.every(({ text }) => text.en !== '' && text.zh !== '') &&
    left.length > 0 &&
    left.every(({ explanation }) => explanation !== undefined)
  );
}
