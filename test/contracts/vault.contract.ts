import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Disclosure,
  type Envelope,
  InMemoryEventStore,
  Personal,
  PersonalPart,
  seal,
  sha256,
  sweepVault,
  type Vault,
} from '#kernel';
import { envelopes } from '../support/envelopes.js';

class Contact {
  declare person: string;
  @Personal('person') declare phone: string;
}

class RegisterReviewer {
  declare field: string;
  @Personal() declare name: string;
  @PersonalPart(() => Contact) declare contacts: Contact[];
}

const reviewer = {
  field: '085401',
  name: '王小明 “Wang”',
  contacts: [
    { person: 'person-b', phone: '13800000001' },
    { person: 'person-c', phone: '13800000002' },
  ],
};

/** Persons are sealed at the same time; here the disclosures stand in the order of persons. */
async function sealReviewer(vault: Vault, commandId = '0190a0b0-0000-7000-8000-000000000001') {
  const { data, disclosures } = await seal(vault, RegisterReviewer, reviewer, { id: commandId, actor: 'person-a' });
  return { data, disclosures: disclosures.toSorted((a, b) => (a.of < b.of ? -1 : 1)) };
}

const digestsOf = (disclosures: readonly Disclosure[]): readonly string[] => disclosures.map(({ sealed }) => sealed);

export interface OpenVault {
  readonly vault: Vault;
  readonly close: () => Promise<void>;
}

/** What every vault adapter promises. Call it once per adapter; `open` hands out an empty vault each time. */
export function vaultContract(adapter: string, open: () => Promise<OpenVault>): void {
  describe(`vault contract: ${adapter}`, () => {
    let vault: Vault;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ vault, close } = await open());
    });
    afterEach(async () => {
      await close();
    });

    test('what was kept can be opened, by digest', async () => {
      const { disclosures } = await sealReviewer(vault);
      await vault.keep(disclosures);
      const opened = await vault.open([...digestsOf(disclosures), 'never-kept']);
      expect(opened.size).toBe(3);
      expect(digestsOf(disclosures).map((digest) => opened.get(digest))).toEqual([reviewer.name, '13800000001', '13800000002']);
    });

    test('keeping nothing and opening nothing is nothing', async () => {
      expect(await vault.keep([])).toEqual([]);
      expect((await vault.open([])).size).toBe(0);
      await vault.forget([]);
    });

    test('keeping twice is keeping once, and only the first time is it new', async () => {
      const { disclosures } = await sealReviewer(vault);
      const [first] = disclosures;
      expect(await vault.keep([first as Disclosure])).toEqual([first?.sealed]);
      expect([...(await vault.keep(disclosures))].sort()).toEqual([...digestsOf(disclosures.slice(1))].sort());
      expect(await vault.keep(disclosures)).toEqual([]);
      expect((await vault.open(digestsOf(disclosures))).size).toBe(3);
    });

    test('two who keep the same at once are told once that it is new', async () => {
      const { disclosures } = await sealReviewer(vault);
      const told = await Promise.all(
        Array.from({ length: 8 }, (_, turn) => vault.keep(turn % 2 ? disclosures : disclosures.toReversed())),
      );
      expect(told.flat().sort()).toEqual([...digestsOf(disclosures)].sort());
    });

    test('what is forgotten can be kept again', async () => {
      const { disclosures } = await sealReviewer(vault);
      await vault.keep(disclosures);
      await vault.forget(digestsOf(disclosures.slice(0, 1)));
      expect(new Set((await vault.open(digestsOf(disclosures))).values())).toEqual(new Set(['13800000001', '13800000002']));
      expect(await vault.keep(disclosures)).toEqual(digestsOf(disclosures.slice(0, 1)));
    });

    test('what a process left that died before its event is swept away; what stands in the log, or is on its way, stays', async () => {
      const store = new InMemoryEventStore();
      const [event] = envelopes('thing-a', 0, 1);
      await store.append({ stream: 'thing-a', expectedLength: 0, events: [event as Envelope] });
      const kept = await sealReviewer(vault);
      const lost = await sealReviewer(vault, '0190a0b0-0000-7000-8000-000000000002');
      await vault.keep(kept.disclosures, { stream: 'thing-a', event: event?.id ?? '' });
      await vault.keep(lost.disclosures, { stream: 'thing-b', event: event?.id ?? '' });
      expect(await sweepVault(vault, store)).toBe(0);
      expect((await vault.open(digestsOf(lost.disclosures))).size).toBe(3);
      expect(await sweepVault(vault, store, 0)).toBe(3);
      expect((await vault.open(digestsOf(lost.disclosures))).size).toBe(0);
      expect((await vault.open(digestsOf(kept.disclosures))).size).toBe(3);
      expect(await vault.unproved(0, 10)).toEqual([]);
      expect(await vault.keep(lost.disclosures, { stream: 'thing-b', event: 'x' })).toHaveLength(3);
    });

    test('a command that is sent again seals to the same digests, another one to others', async () => {
      const first = await sealReviewer(vault);
      expect(await sealReviewer(vault)).toEqual(first);
      const other = await sealReviewer(vault, '0190a0b0-0000-7000-8000-000000000002');
      expect(digestsOf(other.disclosures).filter((digest) => digestsOf(first.disclosures).includes(digest))).toEqual([]);
    });

    test('no personal value stands in the sealed command, in nested parts neither', async () => {
      const { data, disclosures } = await sealReviewer(vault);
      expect(JSON.stringify(data)).not.toMatch(/王小明|138000/);
      expect(data).toEqual({
        field: '085401',
        name: { sealed: disclosures[0]?.sealed, of: 'person-a' },
        contacts: [
          { person: 'person-b', phone: { sealed: disclosures[1]?.sealed, of: 'person-b' } },
          { person: 'person-c', phone: { sealed: disclosures[2]?.sealed, of: 'person-c' } },
        ],
      });
    });

    test('a digest is the SHA-256 of its disclosure, salted', async () => {
      const { disclosures } = await sealReviewer(vault);
      for (const { sealed, disclosure } of disclosures) {
        expect(sealed).toBe(sha256(disclosure));
        const [salt] = JSON.parse(Buffer.from(disclosure, 'base64url').toString()) as [string];
        expect(Buffer.from(salt, 'base64url')).toHaveLength(16);
      }
    });

    test('a person has one key, however many ask for it first', async () => {
      const keys = await Promise.all(Array.from({ length: 16 }, () => vault.keyOf('person-a')));
      expect(keys[0]).toHaveLength(32);
      expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
      expect(await vault.keyOf('person-b')).not.toEqual(keys[0]);
    });

    test('erasing a person removes their values and leaves those of others', async () => {
      const { disclosures } = await sealReviewer(vault);
      await vault.keep(disclosures);
      await vault.erase('person-b');
      expect(new Set((await vault.open(digestsOf(disclosures))).values())).toEqual(new Set(['13800000002', reviewer.name]));
    });

    test('nothing can be kept under the name of an erased person, and nothing is half kept', async () => {
      const { disclosures } = await sealReviewer(vault);
      await vault.erase('person-b');
      await vault.erase('person-b');
      await expect(vault.keyOf('person-b')).rejects.toMatchObject({ code: 'vault.erased' });
      await expect(vault.keep(disclosures)).rejects.toMatchObject({ code: 'vault.erased' });
      expect((await vault.open(digestsOf(disclosures))).size).toBe(0);
    });

    test('a person who was never heard of can be erased', async () => {
      await vault.erase('person-new');
      await expect(vault.keyOf('person-new')).rejects.toMatchObject({ code: 'vault.erased' });
    });

    test('whoever keeps while a person is erased leaves nothing behind', async () => {
      for (let round = 0; round < 5; round += 1) {
        const actor = `person-${round}`;
        const made = await Promise.all(
          Array.from({ length: 8 }, (_, n) => seal(vault, RegisterReviewer, reviewer, { id: `command-${round}-${n}`, actor })),
        );
        const own = made.flatMap(({ disclosures }) => disclosures.filter(({ of }) => of === actor));
        await Promise.allSettled([...own.map((one) => vault.keep([one])), vault.erase(actor)]);
        expect((await vault.open(digestsOf(own))).size).toBe(0);
      }
    });
  });
}
