import type { Text } from '#kernel';
import type { CaseEvent, ReminderSent } from '../case.events.js';
import type { Visit } from '../case.state.js';
import type { StageEffect } from './stage.js';

/** The part of a stage that is waited for, and who, where single people are. */
type Waited = Pick<ReminderSent, 'of' | 'people'>;

/** A reminder is sent once for each part. */
export const isReminded = ({ reminders = [] }: Pick<Visit, 'reminders'>, of: string): boolean => reminders.includes(of);

export const reminderTo = ({ stage, visit }: Pick<Visit, 'stage' | 'visit'>, { of, people }: Waited): CaseEvent => ({
  type: 'ReminderSent',
  data: { stage, visit, of, ...(people === undefined ? {} : { people }) },
});

/** The visit after a reminder; unchanged for any other event. */
export const evolveReminder = <V extends Visit>(visit: V, event: CaseEvent): V =>
  event.type === 'ReminderSent' ? { ...visit, reminders: [...(visit.reminders ?? []), event.data.of] } : visit;

/** What is owed where a date is given on which to remind. */
export const reminderOwed = (of: string, remindAt: string | undefined): readonly StageEffect[] =>
  remindAt === undefined ? [] : [{ name: 'remind', command: { type: 'SendReminder', data: { of } }, dueAt: remindAt, of }];

export const reminderText = ({ people }: Pick<ReminderSent, 'people'>): Text =>
  people === undefined
    ? { en: 'The office was reminded.', zh: '已催办。' }
    : { en: `${people.length} people who have not acted were reminded.`, zh: `已提醒尚未办理的 ${people.length} 人。` };

/** What a drawing shows of it. */
export const reminderDrawn = (remind: number | undefined) =>
  remind === undefined
    ? []
    : [
        {
          kind: 'timer' as const,
          label: { en: `reminder after ${remind} working days`, zh: `${remind} 个工作日后提醒` },
        },
      ];
