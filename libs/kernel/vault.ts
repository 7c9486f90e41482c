import { createHmac } from 'node:crypto';
import { canonicalJson, sha256 } from './canonical.js';
import type { Shape } from './decider.js';
import { DomainError } from './errors.js';

/** What stands in an event where a person's data would: the digest of a salted disclosure, and whose it is. */
export interface Sealed {
  /** SHA-256 (base64url) of a disclosure as in RFC 9901 (SD-JWT): base64url(JCS([salt, name, value])). */
  readonly sealed: string;
  /** The person whose key opens it, and whose erasure erases it. */
  readonly of: string;
}

/** A field that is in clear at the door and sealed behind it. */
export type Sealable<T = string> = T | Sealed;

export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Sealed).sealed === 'string' &&
  typeof (value as Sealed).of === 'string';

/**
 * The sealed form of a field, for events.
 *
 * @throws TypeError where the field is still in clear: personal data was about to enter the log
 */
export function sealed(value: Sealable<unknown>): Sealed {
  if (!isSealed(value)) throw new TypeError('personal data must be sealed before a rule sees it');
  return value;
}

export interface Disclosure extends Sealed {
  /** base64url(JCS([salt, name, value])): opens the digest. */
  readonly disclosure: string;
}

/** The first event of the command that a value belongs to: without it in the log, nobody will ever ask for the value. */
export interface Origin {
  readonly stream: string;
  readonly event: string;
}

/** Port to the values beside the log, each under its person's own key. Passes test/contracts/vault.contract.ts. */
export abstract class Vault {
  /** The key of a person, made on first use. 32 bytes. @throws DomainError vault.erased after an erasure */
  abstract keyOf(person: string): Promise<Uint8Array>;
  /**
   * Keeps disclosures, encrypted. Twice the same is once. Returns the digests that were not there before.
   *
   * @param origin - what must come to stand in the log, or they are an orphan's
   */
  abstract keep(disclosures: readonly Disclosure[], origin?: Origin): Promise<readonly string[]>;
  /** Values that were kept so long ago, and of which it is not known yet whether their event came to be. */
  abstract unproved(olderThanMs: number, limit: number): Promise<readonly (Origin & { readonly digest: string })[]>;
  /** Their event stands in the log. */
  abstract prove(digests: readonly string[]): Promise<void>;
  /** Opens what is still there, by digest. What was erased is absent. */
  abstract open(digests: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Forgets disclosures of a command that was refused. */
  abstract forget(digests: readonly string[]): Promise<void>;
  /** Destroys a person's key and every value under it. Proofs over events go on to verify. */
  abstract erase(person: string): Promise<void>;
}

interface PersonalField {
  readonly name: string;
  /** The field of the same object that names the person; the actor unless told. */
  readonly of?: string;
}

const personalFields = new WeakMap<object, PersonalField[]>();
const personalParts = new WeakMap<object, readonly { readonly name: string; readonly part: () => Shape }[]>();

/** Marks a field of a command's shape as personal data: of the sender, or of the person that the field `of` names. */
export function Personal(of?: string): PropertyDecorator {
  return (target, name) => {
    const fields = personalFields.get(target) ?? [];
    personalFields.set(target, [...fields, { name: String(name), ...(of === undefined ? {} : { of }) }]);
  };
}

/** Marks a nested shape, or an array of it, that holds personal fields. */
export function PersonalPart(part: () => Shape): PropertyDecorator {
  return (target, name) => {
    personalParts.set(target, [...(personalParts.get(target) ?? []), { name: String(name), part }]);
  };
}

/** What is marked in a shape, and in the shapes that it extends. */
function markedIn<T>(marks: WeakMap<object, readonly T[]>, shape: Shape): readonly T[] {
  const marked: T[] = [];
  for (let at: unknown = shape.prototype; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at))
    marked.unshift(...(marks.get(at) ?? []));
  return marked;
}

/** Whether a shape holds a field that must be sealed. */
export const holdsPersonalData = (shape: Shape): boolean =>
  markedIn(personalFields, shape).length > 0 || markedIn(personalParts, shape).length > 0;

/** Names of the fields of a shape itself that are sealed; those of its parts are theirs. */
export const personalFieldsOf = (shape: Shape): readonly string[] => markedIn(personalFields, shape).map(({ name }) => name);

/**
 * Replaces every personal field of a command's data by its sealed form, and hands back the disclosures to keep.
 *
 * The salt is HMAC-SHA256(the person's key, command id and path), so a retry seals to the same digests and nobody without the key can guess.
 */
export async function seal(
  vault: Pick<Vault, 'keyOf'>,
  shape: Shape,
  data: object,
  command: { readonly id: string; readonly actor: string },
): Promise<{ readonly data: object; readonly disclosures: readonly Disclosure[] }> {
  const disclosures: Disclosure[] = [];
  const sealPart = async (part: Shape, value: object, path: string): Promise<object> => {
    const copy: Record<string, unknown> = { ...value };
    for (const { name, of } of markedIn(personalFields, part)) {
      if (copy[name] === undefined) continue;
      const person = of === undefined ? command.actor : String(copy[of]);
      const made = disclose(await vault.keyOf(person), person, `${command.id}${path}/${name}`, name, copy[name]);
      disclosures.push(made);
      copy[name] = { sealed: made.sealed, of: person };
    }
    for (const { name, part: inner } of markedIn(personalParts, part)) {
      const nested = copy[name];
      if (Array.isArray(nested)) {
        copy[name] = await Promise.all(nested.map((item: object, index) => sealPart(inner(), item, `${path}/${name}/${index}`)));
      } else if (typeof nested === 'object' && nested !== null) {
        copy[name] = await sealPart(inner(), nested, `${path}/${name}`);
      }
    }
    return copy;
  };
  return { data: await sealPart(shape, data, ''), disclosures };
}

function disclose(key: Uint8Array, person: string, path: string, name: string, value: unknown): Disclosure {
  const salt = createHmac('sha256', key).update(path).digest().subarray(0, 16).toString('base64url');
  const disclosure = Buffer.from(canonicalJson([salt, name, value]), 'utf8').toString('base64url');
  return { sealed: sha256(disclosure), of: person, disclosure };
}

/** The value inside a disclosure. */
export const disclosedValue = (disclosure: string): unknown =>
  (JSON.parse(Buffer.from(disclosure, 'base64url').toString('utf8')) as [string, string, unknown])[2];

export const personErased = (): DomainError =>
  new DomainError('vault.erased', {
    en: "This person's data has been erased; nothing more can be kept under their name.",
    zh: '该人员的数据已被删除，不能再以其名义保存资料。',
  });

/** Values in memory: for unit tests and simulation. */
export class InMemoryVault extends Vault {
  private readonly keys = new Map<string, Uint8Array | 'erased'>();
  private readonly values = new Map<string, Disclosure>();
  private readonly origins = new Map<string, Origin & { readonly keptAtMs: number }>();

  override async keyOf(person: string): Promise<Uint8Array> {
    const key = this.keys.get(person);
    if (key === 'erased') throw personErased();
    if (key !== undefined) return key;
    // Not a secret here: what is in memory is for tests, and simulations must repeat.
    const made = createHmac('sha256', 'in-memory').update(person).digest();
    this.keys.set(person, made);
    return made;
  }

  override async keep(disclosures: readonly Disclosure[], origin?: Origin): Promise<readonly string[]> {
    if (disclosures.some(({ of }) => this.keys.get(of) === 'erased')) throw personErased();
    const added = disclosures.filter(({ sealed: digest }) => !this.values.has(digest));
    for (const disclosure of added) this.values.set(disclosure.sealed, disclosure);
    if (origin !== undefined)
      for (const { sealed: digest } of added) this.origins.set(digest, { ...origin, keptAtMs: Date.now() });
    return added.map(({ sealed: digest }) => digest);
  }

  override async open(digests: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const found = digests.flatMap((digest) => this.values.get(digest) ?? []);
    return new Map(found.map(({ sealed: digest, disclosure }) => [digest, disclosedValue(disclosure)]));
  }

  override async unproved(olderThanMs: number, limit: number): Promise<readonly (Origin & { readonly digest: string })[]> {
    const since = Date.now() - olderThanMs;
    return [...this.origins]
      .filter(([digest, { keptAtMs }]) => this.values.has(digest) && keptAtMs <= since)
      .slice(0, limit)
      .map(([digest, { stream, event }]) => ({ digest, stream, event }));
  }

  override async prove(digests: readonly string[]): Promise<void> {
    for (const digest of digests) this.origins.delete(digest);
  }

  override async forget(digests: readonly string[]): Promise<void> {
    for (const digest of digests) this.values.delete(digest);
  }

  override async erase(person: string): Promise<void> {
    this.keys.set(person, 'erased');
    for (const { sealed: digest, of } of this.values.values()) if (of === person) this.values.delete(digest);
  }
}
