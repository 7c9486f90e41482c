import { type Decider, sha256, type Text } from '#kernel';
import type { Pinned } from '../definition.js';
import type { IssueNotice, NoticeIssued, NoticesCommand, NoticesEvent } from '../notice.messages.js';
import { refused } from '../refusal.js';

/** The notices of one year: the state of `notices-<alliance>.<year>`. */
export interface Notices {
  /** The last number given, by kind of document. */
  readonly last: Readonly<Record<string, number>>;
  /** The workflow that the last notice was issued by. */
  readonly definition: Pinned;
}

/** Numbers official documents: one stream a year, one command a document, so that no number is missing and none is given twice. */
export const noticesDecider: Decider<NoticesCommand, NoticesEvent, Notices> = {
  category: 'notices',
  parts: 2,
  permits: { IssueNotice: 'issue-notice' },
  initialState: { last: {}, definition: { id: '', version: 0, hash: '' } },

  decide({ data }, { last }, { id, actor, alliance }) {
    // What a notice says follows from a case; by hand anyone in the organ could put words into the alliance's mouth.
    if (actor !== 'engine') throw byWorkflowOnly();
    if (id !== `${alliance}.${data.datedOn.slice(0, 4)}`) throw wrongYear(data);
    return [{ type: 'NoticeIssued', data: numbered(data, (last[data.document] ?? 0) + 1) }];
  },

  evolve: ({ last }, { data: { document, number, definition } }) => ({ last: { ...last, [document]: number }, definition }),
};

function numbered(data: IssueNotice, number: number): NoticeIssued {
  const { document, mark, datedOn, origin, definition } = data;
  const year = Number(datedOn.slice(0, 4));
  const label = { en: `${mark.en} ${year}-${number}`, zh: `${mark.zh}〔${year}〕${number}号` };
  const heading = { en: data.heading.en, zh: data.heading.zh };
  const body = { en: data.body.en, zh: data.body.zh };
  return {
    document,
    year,
    number,
    label,
    heading,
    body,
    datedOn,
    sha256: sha256(canonicalText({ label, heading, body, datedOn }), 'hex'),
    origin: { case: origin.case, stage: origin.stage, visit: origin.visit },
    definition: { id: definition.id, version: definition.version, hash: definition.hash },
  };
}

/**
 * A notice as one text, which its hash is taken of: Chinese first, then English; each with number, heading, body and date, a blank line
 * in between. Unicode NFC, lines end with LF, and so does the text.
 */
export const canonicalText = ({
  label,
  heading,
  body,
  datedOn,
}: {
  readonly label: Text;
  readonly heading: Text;
  readonly body: Text;
  readonly datedOn: string;
}): string =>
  (['zh', 'en'] as const)
    .flatMap((language) => [label[language], heading[language], body[language].trim(), datedOn])
    .join('\n\n')
    .concat('\n')
    .replaceAll('\r\n', '\n')
    .normalize('NFC');

const byWorkflowOnly = () =>
  refused('notices.by-workflow', 'Notices are issued by the workflow that they belong to.', '公文由其所属的工作流发布。');

const wrongYear = ({ datedOn }: IssueNotice) =>
  refused(
    'notices.wrong-year',
    `A notice of ${datedOn} belongs to the register of its year.`,
    `${datedOn} 的公文应编入当年文号。`,
    {
      datedOn,
    },
  );
