import { DomainError } from './errors.js';
import type { Vault } from './vault.js';

export interface Draft {
  /** JSON text. */
  readonly value: string;
  /** Names this very text: a later save has a higher one, and none is used twice. */
  readonly revision: number;
}

/** A draft's text, in UTF-8. */
export const draftBytesAtMost = 256 * 1024;
export const draftsPerPersonAtMost = 1_000;

/**
 * Port to people's unfinished work: a review half written, a form half filled. No event, no history; gone when its person is erased.
 *
 * `key` is the caller's name for the work (`review.<case>.<task>`), one per person. Passes test/contracts/drafts.contract.ts.
 */
export abstract class Drafts {
  /**
   * Saves the text over the revision that was edited; 0 where there was no draft. Saving what is there already changes nothing.
   *
   * @returns the revision of the text now kept
   * @throws DomainError draft.changed-elsewhere with both texts, where another window saved meanwhile; nothing is overwritten
   * @throws DomainError draft.too-large, draft.too-many, vault.erased
   */
  abstract save(person: string, key: string, expectedRevision: number, value: string): Promise<number>;
  /** The draft, if there is one. */
  abstract load(person: string, key: string): Promise<Draft | undefined>;
  /** Removes the draft. Where there is none, nothing happens. */
  abstract discard(person: string, key: string): Promise<void>;
}

/** @throws DomainError draft.too-large */
export function requireDraftSize(value: string): void {
  const bytes = Buffer.byteLength(value, 'utf8');
  if (bytes <= draftBytesAtMost) return;
  throw new DomainError(
    'draft.too-large',
    {
      en: `A draft may hold 256 kB; this one has ${Math.ceil(bytes / 1024)} kB. Shorten it, or attach what is long as a file.`,
      zh: `草稿最多 256 kB，当前为 ${Math.ceil(bytes / 1024)} kB。请精简内容，或将长文作为附件上传。`,
    },
    { bytes, atMost: draftBytesAtMost },
  );
}

/**
 * Its details hold the texts themselves, for their author's eyes: show them, never write them to a protocol.
 *
 * `theirs` is null and `revision` 0 where the draft has been discarded or submitted meanwhile.
 */
export const changedElsewhere = (yours: string, theirs: Draft | undefined): DomainError =>
  new DomainError(
    'draft.changed-elsewhere',
    {
      en: 'This draft was changed in another window. Nothing was overwritten: compare both texts and save the one you want.',
      zh: '该草稿已在另一窗口中修改，未覆盖任何内容。请对照两份文本，保存您需要的一份。',
    },
    { yours, theirs: theirs?.value ?? null, revision: theirs?.revision ?? 0 },
  );

export const tooManyDrafts = (): DomainError =>
  new DomainError(
    'draft.too-many',
    {
      en: `You keep ${draftsPerPersonAtMost} drafts already. Submit or discard one of them first.`,
      zh: `您已保存 ${draftsPerPersonAtMost} 份草稿，请先提交或删除其中一份。`,
    },
    { atMost: draftsPerPersonAtMost },
  );

/** Drafts in memory: for unit tests and simulation. */
export class InMemoryDrafts extends Drafts {
  private readonly kept = new Map<string, Map<string, Draft>>();
  private revisions = 0;

  constructor(private readonly vault: Vault) {
    super();
  }

  override async save(person: string, key: string, expectedRevision: number, value: string): Promise<number> {
    requireDraftSize(value);
    await this.vault.keyOf(person);
    const own = this.kept.get(person) ?? new Map<string, Draft>();
    const before = own.get(key);
    if (before?.value === value) return before.revision;
    if ((before?.revision ?? 0) !== expectedRevision) throw changedElsewhere(value, before);
    if (before === undefined && own.size >= draftsPerPersonAtMost) throw tooManyDrafts();
    this.revisions += 1;
    this.kept.set(person, own.set(key, { value, revision: this.revisions }));
    return this.revisions;
  }

  override async load(person: string, key: string): Promise<Draft | undefined> {
    await this.dropErased(person);
    return this.kept.get(person)?.get(key);
  }

  override async discard(person: string, key: string): Promise<void> {
    this.kept.get(person)?.delete(key);
  }

  private async dropErased(person: string): Promise<void> {
    try {
      await this.vault.keyOf(person);
    } catch (failure) {
      if (!(failure instanceof DomainError)) throw failure;
      this.kept.delete(person);
    }
  }
}
