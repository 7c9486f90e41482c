import type { SignedIn } from '#identity';
import { categoryOf, type RecordedEvent } from '#kernel';
import { adopted, type CaseState, mayHear as isNews } from '#workflow';
import type { Doors } from '../reads/doors.js';
import { mayReadMeeting } from '../reads/meeting.reads.js';
import { readsInFull } from '../reads/ranking.reads.js';
import { standingOf, viewerOf } from '../reads/sight.js';
import { atStage, runsAssignments } from '../reads/stage.doors.js';
import { DoorRefusal } from './problem.js';

export interface Listener {
  readonly signedIn: SignedIn;
  readonly alliance: string;
}

/** What live updates tell of, by category of the stream. */
export const toldOf = ['case', 'round', 'meeting', 'assignment', 'ranking'];

/** Whether something that happened is news to somebody, by what they may know at this moment. */
export async function mayHear(doors: Doors, listener: Listener, event: RecordedEvent): Promise<boolean> {
  switch (categoryOf(event.stream)) {
    case 'case':
      return mayHearOfCase(doors, listener, event);
    case 'meeting':
      return mayHearOfMeeting(doors, listener, event);
    case 'round':
      return true;
    default:
      return mayHearOfStage(doors, listener, event.stream);
  }
}

const mayHearOfMeeting = async (doors: Doors, { signedIn, alliance }: Listener, { stream }: RecordedEvent): Promise<boolean> =>
  mayReadMeeting(doors, await standingOf(doors, signedIn, alliance), stream.slice('meeting-'.length));

async function mayHearOfCase(doors: Doors, { signedIn, alliance }: Listener, event: RecordedEvent): Promise<boolean> {
  const { state } = await doors.states.fresh<CaseState>(event.stream);
  if (state.status === 'none') return false;
  const definition = await adopted(doors.states, alliance, state.definition);
  return isNews(definition, state, event, viewerOf(await standingOf(doors, signedIn, alliance)));
}

/** Assignments and rankings are about all cases together: as their pages are read, or not at all. */
export async function mayHearOfStage(doors: Doors, { signedIn }: Listener, stream: string): Promise<boolean> {
  const category = categoryOf(stream);
  const [alliance = '', slug = '', stage = ''] = stream.slice(category.length + 1).split('.');
  const round = `${alliance}.${slug}`;
  try {
    const at = await atStage(doors, { round, stage }, signedIn);
    if (category === 'ranking') return await readsInFull(doors, round, at);
    return await runsAssignments(doors, round, at);
  } catch (failure) {
    if (failure instanceof DoorRefusal) return false;
    throw failure;
  }
}
