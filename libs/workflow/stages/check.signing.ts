import type { DecisionContext } from '#kernel';
import type { CaseEvent, Comparison } from '../case.events.js';
import type { CheckVisit, Signature, Signing } from '../case.state.js';
import type { CheckStage } from '../definition.js';
import { scopeOf } from '../filled.js';
import { heldSeats } from '../organs.js';
import { refused } from '../refusal.js';
import { judgedIn } from '../versions.js';
import { keptApart } from './four-eyes.js';
import { type At, place, type StageDecision } from './stage.js';

type CheckAt = At<CheckStage, CheckVisit>;

/** Whether a check needs the signatures of several, each under their own name. */
export const isSigned = ({ signatures = 'any' }: CheckStage): boolean => signatures !== 'any';

/**
 * What the seats that are held now make of the circle of signers.
 *
 * It is fixed when the stage begins. Whoever loses their seat before they have signed is needed no more; those seated later are called
 * only where too few are left for the number that is needed. Whoever the definition keeps apart from the check is never called.
 */
export function called({ stage, visit, case: state, ...at }: CheckAt, context: DecisionContext): readonly CaseEvent[] {
  const held = heldSeats(context, stage.power, scopeOf(stage, state))
    .filter(({ person }) => keptApart({ stage, case: state }, person) === undefined)
    .map(({ person, granted }) => ({ person, granted }));
  const here = place({ stage, visit, case: state, ...at });
  const needed = stage.signatures === 'all' ? 'all' : (stage.signatures as number);
  const calls = (signers: Signing['signers']): CaseEvent => ({ type: 'SignersCalled', data: { ...here, signers, needed } });
  const { signing } = visit;
  if (signing === undefined) return [calls(held)];
  const isSeated = (person: string): boolean => held.some((seat) => seat.person === person);
  const staying = signing.signers.filter(({ person }) => isSeated(person) || signatureOf(signing, person) !== undefined);
  const gone = signing.signers.filter((signer) => !staying.includes(signer)).map(({ person }) => person);
  const joining = held.filter(({ person }) => !staying.some((signer) => signer.person === person));
  const isShort = staying.length < (needed === 'all' ? 1 : needed);
  return [
    ...(gone.length > 0 ? [{ type: 'SignersReleased' as const, data: { ...here, people: gone } }] : []),
    ...(isShort && joining.length > 0 ? [calls([...staying, ...joining])] : []),
  ];
}

const signatureOf = ({ signatures }: Signing, person: string): Signature | undefined =>
  signatures.find((one) => one.person === person);

type Answer = { readonly signs: true; readonly note?: string } | { readonly signs: false; readonly reason: string };

const afterwards = (visit: CheckVisit, events: readonly CaseEvent[]): CheckVisit =>
  events.reduce((before, event) => evolveSigning(before, event, ''), visit);

/** One signature, or one refusal to sign; the check is over as soon as those that are missing cannot change it. */
export function signed(answer: Answer, at: CheckAt, context: DecisionContext): StageDecision {
  const before = called(at, context);
  const { signing } = afterwards(at.visit, before);
  const person = context.actor;
  if (signing?.signers.some((signer) => signer.person === person) !== true) throw notASigner();
  if (signatureOf(signing, person) !== undefined) throw alreadySigned();
  const said = { ...place(at), ...judgedIn(at.case, at.visit), person };
  const act: CaseEvent = answer.signs
    ? { type: 'CheckSigned', data: { ...said, ...(answer.note === undefined ? {} : { note: answer.note }) } }
    : { type: 'SignatureRefused', data: { ...said, reason: answer.reason } };
  return counted(at, [...before, act]);
}

/** Counts anew, once a seat has ended: what was only missing may not be missing any more. */
export function countedAgain(at: CheckAt, context: DecisionContext): StageDecision {
  const decision = counted(at, called(at, context));
  if (decision.events.length > 0 || context.actor === 'engine') return decision;
  throw refused(
    'case.nothing-to-count',
    'Everyone whose signature is missing still holds a seat; they sign, or refuse.',
    '尚未签署的人员均仍在任，请其签署或拒签。',
  );
}

function counted(at: CheckAt, events: readonly CaseEvent[]): StageDecision {
  const { signing } = afterwards(at.visit, events);
  if (signing === undefined) return { events };
  const { signedBy, refusedBy, needed, of } = countOf(signing);
  if (of > 0 && signedBy >= needed) return { events: [...events, { type: 'CheckPassed', data: place(at) }], outcome: 'passed' };
  if (of < needed || of - refusedBy >= needed) return { events };
  const reason = signing.signatures.flatMap(({ reason: given }) => given ?? []).join(' ');
  return { events: [...events, { type: 'CheckFailed', data: { ...place(at), reason } }], outcome: 'failed' };
}

const countOf = ({ signers, signatures, needed }: Signing) => ({
  signedBy: signatures.filter(({ signed: isSignature }) => isSignature).length,
  refusedBy: signatures.filter(({ signed: isSignature }) => !isSignature).length,
  needed: needed === 'all' ? signers.length : needed,
  of: signers.length,
});

/** The arithmetic of a check that several sign. */
export function signatureCount({ signing }: CheckVisit): readonly Comparison[] {
  if (signing === undefined || signing.signers.length === 0) return [];
  const { signedBy, needed, of } = countOf(signing);
  return [{ what: 'signed', actual: [signedBy, of], relation: '>=', required: [needed, of], holds: signedBy >= needed }];
}

/** Who has not signed yet. */
export const missingSigners = ({ signing }: CheckVisit): readonly string[] =>
  signing === undefined
    ? []
    : signing.signers.map(({ person }) => person).filter((person) => signatureOf(signing, person) === undefined);

/** The visit after an event about signatures; unchanged for any other. */
export function evolveSigning(visit: CheckVisit, event: CaseEvent, at: string): CheckVisit {
  const { signing } = visit;
  const add = (signature: Signature): CheckVisit =>
    signing === undefined ? visit : { ...visit, signing: { ...signing, signatures: [...signing.signatures, signature] } };
  switch (event.type) {
    case 'SignersCalled': {
      const { signers, needed } = event.data;
      return { ...visit, signing: { signers, needed, signatures: signing?.signatures ?? [] } };
    }
    case 'SignersReleased': {
      if (signing === undefined) return visit;
      const { people } = event.data;
      return { ...visit, signing: { ...signing, signers: signing.signers.filter(({ person }) => !people.includes(person)) } };
    }
    case 'CheckSigned':
      return add({ person: event.data.person, signed: true, version: event.data.version, at });
    case 'SignatureRefused': {
      const { person, version, reason } = event.data;
      return add({ person, signed: false, version, at, reason });
    }
    default:
      return visit;
  }
}

const notASigner = () =>
  refused(
    'case.not-a-signer',
    'You held no seat when the signatures for this check were called; those who did sign it.',
    '本环节开始会签时您尚无席位，由当时在任者签署。',
  );

const alreadySigned = () =>
  refused(
    'case.already-signed',
    'You have answered already. Take that back first if you think otherwise now.',
    '您已签署意见；如需更改，请先撤回。',
  );
