import type { Envelope, Text } from '#kernel';
import type { Case, NoticeVisit } from '../case.state.js';
import type { Definition, NoticeStage } from '../definition.js';
import { filledIn } from './notice.text.js';
import { type At, keptBy, notThisAct, place, type StageDecision, type StageKind } from './stage.js';

type NoticeAt = At<NoticeStage, NoticeVisit>;

/** An official document: drawn up from the case, numbered in the register of its year, hashed, published. All of it by the engine. */
export const notice: StageKind<NoticeStage, NoticeVisit> = {
  kind: 'notice',
  irrevocable: true,
  schema: {
    required: ['document', 'mark', 'heading', 'body'],
    properties: {
      document: { $ref: '#/$defs/name' },
      mark: { $ref: '#/$defs/text' },
      heading: { $ref: '#/$defs/text' },
      body: { $ref: '#/$defs/text' },
    },
  },
  outcomes: ['published'],
  commands: ['RecordNotice'],
  binds: true,
  powers: ({ power }) => [power],
  judges: () => [],
  seats: () => [],
  owner: () => ({ power: 'operate-workflow' }),

  enter: () => ({}),
  begin: ({ stage, visit }, enteredAt) => ({ kind: 'notice', stage, visit, enteredAt, overdue: [] }),

  decide(command, at): StageDecision {
    if (command.type !== 'RecordNotice') throw notThisAct(at);
    const { document, year, number, sha256 } = command.data;
    return {
      events: [{ type: 'NoticePublished', data: { ...place(at), document, year, number, sha256 } }],
      outcome: 'published',
    };
  },

  evolve(visit, event) {
    if (event.type !== 'NoticePublished') return visit;
    const { document, year, number, sha256 } = event.data;
    return { ...visit, notice: { document, year, number, sha256 } };
  },

  effects: (at, event, recorded) => (event.type === 'StageEntered' ? [issue(at, recorded)] : []),
  settled: () => undefined,

  explain: ({ stage, visit: { notice: published } }) => ({
    clause: stage.title,
    text: {
      en: `Published as number ${published?.number} of ${published?.year} (${stage.document}).`,
      zh: `已发布，${published?.year} 年第 ${published?.number} 号（${stage.document}）。`,
    },
    inputs: { ...published },
    excluded: [],
    arithmetic: [],
  }),

  draw: ({ title, power }) => ({
    shape: 'task',
    label: title,
    owner: power,
    edge: [{ kind: 'message', label: { en: 'number', zh: '编号' } }],
  }),

  outline: ({ power, scope }) => ({
    outcomes: ['published'],
    automatic: ['published'],
    waits: [],
    powers: keptBy(power, scope),
    benches: [],
    sends: [{ at: '/power', context: 'notices', type: 'IssueNotice' }],
  }),
};

function issue({ stage, visit, definition, case: state }: NoticeAt, recorded: Envelope) {
  const datedOn = dayIn(definition, recorded.meta.recordedAt);
  const fill = (text: Text): Text => ({
    en: filledIn(text.en, placeholders(state, datedOn)),
    zh: filledIn(text.zh, placeholders(state, datedOn)),
  });
  return {
    name: 'issue',
    command: {
      context: 'notices',
      id: `${recorded.meta.alliance}.${datedOn.slice(0, 4)}`,
      type: 'IssueNotice',
      data: {
        document: stage.document,
        mark: stage.mark,
        heading: fill(stage.heading),
        body: fill(stage.body),
        datedOn,
        origin: { case: recorded.stream.slice('case-'.length), stage: visit.stage, visit: visit.visit },
        definition: state.definition,
      },
    },
  };
}

/** The day of an instant in the alliance's zone. */
const dayIn = ({ round }: Definition, at: string): string =>
  new Date(Date.parse(at) + round.utcOffsetMinutes * 60_000).toISOString().slice(0, 10);

const placeholders = ({ form, applicant, number, round }: Case, date: string): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(Object.entries(form).map(([field, value]) => [`form.${field}`, value])),
  title: form['title'] ?? number,
  institution: applicant.name,
  number,
  round,
  date,
});
