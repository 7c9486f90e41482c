import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  type Append,
  canonicalJson,
  envelopeOf,
  evolved,
  FilesOnDisk,
  InMemoryEventStore,
  InMemoryVault,
  VirtualClock,
} from '#kernel';
import { caseContext, type CaseState, openVisits } from '#workflow';
import { envelopes } from '../../test/support/envelopes.js';
import { demonstrated, demonstrationAlliance, layOutDemonstration } from './demonstration.js';

const at = (now: string) => new VirtualClock(Date.parse(now));

async function logOf(store: InMemoryEventStore): Promise<readonly string[]> {
  const { events } = await store.readAll(0n, { limit: 100_000 });
  return events.map((event) => canonicalJson(envelopeOf(event)));
}

async function whereCasesStand(store: InMemoryEventStore): Promise<readonly string[]> {
  const { events } = await store.readAll(0n, { limit: 100_000, categories: ['case'] });
  const states = new Map<string, unknown>();
  for (const event of events) {
    states.set(event.stream, evolved(caseContext.decider, states.get(event.stream) ?? caseContext.decider.initialState, event));
  }
  return [...states.values()].map((state) => {
    const known = state as Exclude<CaseState, { status: 'none' }>;
    return (
      known.end?.id ??
      openVisits(known)
        .map(({ stage }) => stage)
        .join('+')
    );
  });
}

test.each(['2026-03-18T02:30:00.000Z', '2026-06-24T15:00:00.000Z', '2026-11-21T20:00:00.000Z'])(
  'whoever starts on %s finds something at every stage',
  async (now) => {
    const store = new InMemoryEventStore();
    await layOutDemonstration({ store, vault: new InMemoryVault(), clock: at(now) });
    const stand = await whereCasesStand(store);
    expect(stand).toHaveLength(14);
    for (const place of [
      'endorsement',
      'recommendation',
      'formal-check',
      'expert-review',
      'committee',
      'publicity',
      'recognised',
      'below-standard',
      'withdrawn',
    ]) {
      expect(stand).toContain(place);
    }
    const last = (await store.readAll(0n, { limit: 100_000 })).events.at(-1);
    expect(Date.parse(now) - Date.parse(last?.meta.recordedAt ?? '')).toBeLessThan(2 * 3_600_000);
    expect(Date.parse(last?.meta.recordedAt ?? '')).toBeLessThanOrEqual(Date.parse(now));
  },
);

test('nobody is named in the log of the demonstration', async () => {
  const store = new InMemoryEventStore();
  await layOutDemonstration({ store, vault: new InMemoryVault(), clock: at('2026-03-18T02:30:00.000Z') });
  const log = (await logOf(store)).join('\n');
  expect(log).toContain('岭南文化十讲');
  for (const name of ['李文博', 'Li Wenbo', '钱一舟', '沈砚秋', 'entente.example']) expect(log).not.toContain(name);
});

test('the demonstration is laid out once, however often it is started', async () => {
  const store = new InMemoryEventStore();
  const vault = new InMemoryVault();
  await layOutDemonstration({ store, vault, clock: at('2026-03-18T02:30:00.000Z') });
  const before = await logOf(store);
  await layOutDemonstration({ store, vault, clock: at('2026-04-18T02:30:00.000Z') });
  expect(await logOf(store)).toEqual(before);
});

test('what was interrupted is finished at the next start, as if nothing had happened', async () => {
  const whole = new InMemoryEventStore();
  const vault = new InMemoryVault();
  await layOutDemonstration({ store: whole, vault, clock: at('2026-03-18T02:30:00.000Z') });
  const broken = new Interrupted(100);
  await expect(layOutDemonstration({ store: broken, vault, clock: at('2026-03-18T02:30:00.000Z') })).rejects.toThrow('killed');
  expect((await broken.readAll(0n, { limit: 1_000 })).events.length).toBeLessThan((await logOf(whole)).length);
  broken.appends = Number.POSITIVE_INFINITY;
  await layOutDemonstration({ store: broken, vault, clock: at('2026-03-18T06:30:00.000Z') });
  expect(await logOf(broken)).toEqual(await logOf(whole));
});

test('the demonstration is one alliance and shares its streams with nobody', async () => {
  const store = new InMemoryEventStore();
  await layOutDemonstration({ store, vault: new InMemoryVault(), clock: at('2026-03-18T02:30:00.000Z') });
  const { events } = await store.readAll(0n, { limit: 100_000 });
  expect(new Set(events.map(({ meta }) => meta.alliance))).toEqual(new Set([demonstrationAlliance]));
});

class Interrupted extends InMemoryEventStore {
  constructor(public appends: number) {
    super();
  }

  override async append(append: Append) {
    this.appends -= 1;
    if (this.appends < 0) throw new Error('killed');
    return super.append(append);
  }
}

test('every file that the log of the demonstration names can be opened, and is what the log says', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-demonstration-'));
  const [store, files] = [new InMemoryEventStore(), new FilesOnDisk(folder)];
  await layOutDemonstration({ store, files, vault: new InMemoryVault(), clock: at('2026-03-18T02:30:00.000Z') });
  const named = (await logOf(store)).join('\n').matchAll(/"bytes":(\d+),"mediaType":"([^"]+)","sha256":"([0-9a-f]{64})"/g);
  const known = new Map([...named].map(([, bytes, mediaType, sha256 = '']) => [sha256, { bytes: Number(bytes), mediaType }]));
  expect(known.size).toBeGreaterThan(10);
  for (const [sha256, said] of known) {
    const { content, ...kept } = await files.open(sha256);
    content.destroy();
    expect(kept).toEqual({ sha256, ...said });
  }
  await rm(folder, { recursive: true });
});

test('where an alliance of its own has been founded there is no demonstration, asked for or not', async () => {
  const store = new InMemoryEventStore();
  const here = { store, vault: new InMemoryVault(), clock: at('2026-03-18T02:30:00.000Z') };
  expect([await demonstrated('off', here), await store.head()]).toEqual([undefined, 0n]);
  await store.append({ stream: 'charter-a', expectedLength: 0, events: envelopes('charter-a', 0, 1) });
  expect(await demonstrated('offered', here)).toBeUndefined();
  await expect(demonstrated('asked', here)).rejects.toMatchObject({
    text: { en: expect.stringContaining('DEMO=true needs a log of its own'), zh: expect.stringContaining('单独的日志') },
  });
  expect(await store.head()).toBe(1n);
});
