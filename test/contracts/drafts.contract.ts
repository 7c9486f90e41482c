import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { draftBytesAtMost, draftsPerPersonAtMost, type Drafts, type Vault } from '#kernel';

export interface OpenDrafts {
  readonly drafts: Drafts;
  readonly vault: Vault;
  readonly close: () => Promise<void>;
}

const first = JSON.stringify({ comment: '结构完整，but thin on assessment' });
const second = JSON.stringify({ comment: '结构完整' });

/** What every adapter for drafts promises. Call it once per adapter; `open` hands out an empty one each time. */
export function draftsContract(adapter: string, open: () => Promise<OpenDrafts>): void {
  describe(`drafts contract: ${adapter}`, () => {
    let drafts: Drafts;
    let vault: Vault;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ drafts, vault, close } = await open());
    });
    afterEach(async () => {
      await close();
    });

    test('a draft is there again when its author comes back', async () => {
      const revision = await drafts.save('person-a', 'review.1', 0, first);
      expect(await drafts.load('person-a', 'review.1')).toEqual({ value: first, revision });
      const next = await drafts.save('person-a', 'review.1', revision, second);
      expect(next).toBeGreaterThan(revision);
      expect(await drafts.load('person-a', 'review.1')).toEqual({ value: second, revision: next });
    });

    test('nobody sees the draft of another', async () => {
      await drafts.save('person-a', 'review.1', 0, first);
      expect(await drafts.load('person-b', 'review.1')).toBeUndefined();
      expect(await drafts.load('person-a', 'review.2')).toBeUndefined();
    });

    test('of two windows the second gets both texts, and nothing is overwritten', async () => {
      const opened = await drafts.save('person-a', 'review.1', 0, '{}');
      const revision = await drafts.save('person-a', 'review.1', opened, first);
      await expect(drafts.save('person-a', 'review.1', opened, second)).rejects.toMatchObject({
        code: 'draft.changed-elsewhere',
        details: { yours: second, theirs: first, revision },
      });
      await expect(drafts.save('person-a', 'review.1', 0, second)).rejects.toMatchObject({ code: 'draft.changed-elsewhere' });
      expect(await drafts.load('person-a', 'review.1')).toEqual({ value: first, revision });
    });

    test('of two windows that save at once exactly one wins', async () => {
      const saves = await Promise.allSettled([first, second].map((value) => drafts.save('person-a', 'review.1', 0, value)));
      expect(saves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('a save whose answer was lost can be sent again', async () => {
      const revision = await drafts.save('person-a', 'review.1', 0, first);
      expect(await drafts.save('person-a', 'review.1', 0, first)).toBe(revision);
      const next = await drafts.save('person-a', 'review.1', revision, second);
      expect(await drafts.save('person-a', 'review.1', revision, second)).toBe(next);
    });

    test('a discarded draft is gone, and a window that still shows it does not write over a new one', async () => {
      const shown = await drafts.save('person-a', 'review.1', 0, first);
      await drafts.discard('person-a', 'review.1');
      await drafts.discard('person-a', 'review.1');
      expect(await drafts.load('person-a', 'review.1')).toBeUndefined();
      await expect(drafts.save('person-a', 'review.1', shown, second)).rejects.toMatchObject({
        code: 'draft.changed-elsewhere',
        details: { yours: second, theirs: null, revision: 0 },
      });
      const anew = await drafts.save('person-a', 'review.1', 0, '{}');
      expect(anew).toBeGreaterThan(shown);
      await expect(drafts.save('person-a', 'review.1', shown, second)).rejects.toMatchObject({ code: 'draft.changed-elsewhere' });
    });

    test('a draft of 256 kB is kept, a longer one is refused', async () => {
      await drafts.save('person-a', 'review.1', 0, 'x'.repeat(draftBytesAtMost));
      await expect(drafts.save('person-a', 'review.2', 0, '评'.repeat(draftBytesAtMost / 3 + 1))).rejects.toMatchObject({
        code: 'draft.too-large',
      });
    });

    test('the drafts of one person are not without number', async () => {
      for (let from = 0; from < draftsPerPersonAtMost; from += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, n) => drafts.save('person-a', `review.${from + n}`, 0, '{}')));
      }
      await expect(drafts.save('person-a', 'one more', 0, '{}')).rejects.toMatchObject({ code: 'draft.too-many' });
      await drafts.save('person-b', 'one more', 0, '{}');
    });

    test('the drafts of an erased person are gone, and no new ones are kept', async () => {
      const revision = await drafts.save('person-a', 'review.1', 0, first);
      await drafts.save('person-b', 'review.1', 0, second);
      await vault.erase('person-a');
      expect(await drafts.load('person-a', 'review.1')).toBeUndefined();
      await expect(drafts.save('person-a', 'review.1', revision, second)).rejects.toMatchObject({ code: 'vault.erased' });
      expect(await drafts.load('person-b', 'review.1')).toMatchObject({ value: second });
    });
  });
}
