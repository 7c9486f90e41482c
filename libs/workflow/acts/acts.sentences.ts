import type { Text } from '#kernel';
import type { CaseEvent } from '../case.events.js';
import type { FileCorrectionEvent, StageActEvent } from './acts.messages.js';

type Signing = Extract<CaseEvent, { type: 'SignersCalled' | 'SignersReleased' | 'CheckSigned' | 'SignatureRefused' }>;
/** What people do beside the work of a stage, and how several sign. */
export type ActTold = StageActEvent | FileCorrectionEvent | Signing;

type Sentences = { readonly [K in ActTold['type']]: (data: Extract<ActTold, { type: K }>['data']) => Text };

const text = (en: string, zh: string): Text => ({ en, zh });
const done = {
  signature: text('A signature was taken back.', '撤回一项签署。'),
  answer: text('An answer was taken back.', '撤回一项答复。'),
  review: text('A review was taken back to be revised.', '撤回一份评审意见，待修改。'),
  vote: text('A vote was taken back.', '撤回一票。'),
  substitution: text('The appointment of a substitute was taken back.', '撤回代理评审的指定。'),
} as const;

const sentences: Sentences = {
  TaskTransferred: () => text('The task was handed over to another member of the organ.', '该事项已转办给本机构其他成员。'),
  TaskTakenBack: () => text('The task that was handed over is the organ’s again.', '转办事项已收回本机构。'),
  ActRetracted: ({ act }) => done[act],
  CaseCopied: ({ people, organs }) =>
    text(`Copied to ${people.length} people and ${organs.length} organs.`, `抄送 ${people.length} 人、${organs.length} 个机构。`),
  FileCorrectionRequested: ({ request, slots, reason }) =>
    text(
      `Request ${request} to replace ${slots.join(', ')}: ${reason}`,
      `第 ${request} 次申请更换文件（${slots.join('、')}）：${reason}`,
    ),
  FileCorrectionGranted: ({ request, slots, until, reason }) =>
    text(
      `Request ${request} granted for ${slots.join(', ')} until ${until}: ${reason}`,
      `准予第 ${request} 次更换申请（${slots.join('、')}），期限 ${until}：${reason}`,
    ),
  FileCorrectionDenied: ({ request, reason }) =>
    text(`Request ${request} denied: ${reason}`, `不准第 ${request} 次更换申请：${reason}`),
  FileCorrectionLapsed: ({ request }) =>
    text(`The time granted under request ${request} passed.`, `第 ${request} 次准予的更换期限已过。`),
  FilesReplaced: ({ version }) =>
    text(
      `Files replaced: version ${version}. Reviewers keep the version that they judge.`,
      `文件已更换，形成第 ${version} 版；评审所依据的版本不变。`,
    ),
  SignersCalled: ({ signers, needed }) =>
    text(
      `${signers.length} people are called to sign; ${needed === 'all' ? 'all of them' : needed} must.`,
      `请 ${signers.length} 人签署，需${needed === 'all' ? '全体' : ` ${needed} 人`}签署。`,
    ),
  SignersReleased: ({ people }) =>
    text(`Seats ended: ${people.length} signatures are needed no more.`, `席位终止，不再需要 ${people.length} 人签署。`),
  CheckSigned: ({ version }) => text(`Signed: version ${version}.`, `已签署第 ${version} 版。`),
  SignatureRefused: ({ reason }) => text(`Refused to sign: ${reason}`, `拒签：${reason}`),
};

export const isActTold = (event: CaseEvent): event is ActTold => Object.hasOwn(sentences, event.type);

/** Such an event in one sentence. Names nobody. */
export const describeAct = (event: ActTold): Text =>
  // Each type has its own function; the compiler cannot see that the pair belongs together.
  (sentences[event.type] as (data: ActTold['data']) => Text)(event.data);
