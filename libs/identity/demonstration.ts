import type { States } from '#kernel';
import type { Person } from './identity.decider.js';
import { notOfTheDemonstration } from './refusals.js';

const genuine = new WeakSet<DemonstrationProof>();
declare const brand: unique symbol;

/** Says that this installation is the demonstration. Only `proofOfDemonstration` makes one; nothing else passes for it. */
export interface DemonstrationProof {
  readonly [brand]: 'demonstration';
  /** The one alliance whose people may be signed in without a password. */
  readonly alliance: string;
}

/**
 * For the settings of an app, which alone know whether they describe the demonstration.
 *
 * @returns undefined outside the demonstration
 */
export function proofOfDemonstration(settings: {
  readonly demonstration: boolean;
  readonly alliance: string;
}): DemonstrationProof | undefined {
  if (!settings.demonstration) return undefined;
  const proof = Object.freeze({ alliance: settings.alliance }) as DemonstrationProof;
  genuine.add(proof);
  return proof;
}

/** Signs a visitor in as any person of the demonstration alliance, with one click and no password; and as nobody else. */
export class DemonstrationSignIn {
  /** @throws TypeError for anything but the proof that settings made */
  constructor(
    private readonly proof: DemonstrationProof,
    private readonly states: States,
  ) {
    if (!genuine.has(proof)) throw new TypeError('one-click sign-in exists in the demonstration only');
  }

  /** The alliance whose people may be chosen. */
  get alliance(): string {
    return this.proof.alliance;
  }

  /** @throws DomainError identity.not-found for anyone who is not an active person of the demonstration alliance */
  async requireDemonstrated(person: string): Promise<void> {
    const { state } = await this.states.fresh<Person>(person);
    if (state.status !== 'active' || state.alliance !== this.proof.alliance) throw notOfTheDemonstration();
  }
}
