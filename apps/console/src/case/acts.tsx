import { ConvenePanel } from './convene.js';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { Act } from '../shapes.js';
import { CheckPanel, ExtendPanel } from './check.js';
import { CorrectPanel } from './correct.js';
import { GrantFilesPanel, ReplaceFilesPanel, RequestFilesPanel } from './file-acts.js';
import { ObjectPanel, RulePanel } from './objections.js';
import { CopyPanel, RetractPanel, TakeBackPanel, TransferPanel } from './office-acts.js';
import { DiscussPanel } from './discussion.js';
import { AssignPanel, ChangePanel, ReportConflictPanel } from './panel-changes.js';
import { OpenSessionPanel, RegisterPanel } from './registering.js';
import { ReviewPanel, RevisePanel } from './review.js';
import { type ActProperties, useRoom } from './room.js';
import { AppealPanel, GiveRulingPanel, StatePanel } from './pleading.js';
import { SendBackPanel, SentBackNote } from './send-back.js';
import { ConfirmPanel, InspectPanel, RemedyPanel, RemedyRulingPanel } from './undertakings.js';
import { ConflictPanel, RemindPanel, TiePanel, VotePanel, WithdrawPanel } from './small-acts.js';

/** What the reader may do now: their tasks first, what is open to them beside them after. */
export function Acts(): ReactNode {
  const { answer } = useRoom();
  const visitOf = (act: Act): number => answer.case.visits.filter(({ stage }) => stage === act.stage).length;
  return (
    <>
      <SentBackNote />
      {answer.acts.map((act) => (
        <Panel key={`${act.act} ${act.stage} ${act.part ?? ''} ${visitOf(act)}`} act={act} />
      ))}
    </>
  );
}

const panels: Readonly<Record<string, (properties: ActProperties) => ReactNode>> = {
  check: CheckPanel,
  sign: CheckPanel,
  'extend-correction': ExtendPanel,
  transfer: TransferPanel,
  'take-back': TakeBackPanel,
  retract: RetractPanel,
  'change-panel': ChangePanel,
  copy: CopyPanel,
  'request-files': RequestFilesPanel,
  'grant-files': GrantFilesPanel,
  'replace-files': ReplaceFilesPanel,
  correct: CorrectPanel,
  assign: AssignPanel,
  review: ReviewPanel,
  discuss: DiscussPanel,
  revise: RevisePanel,
  convene: ConvenePanel,
  vote: VotePanel,
  'break-tie': TiePanel,
  rule: AnyRulePanel,
  confirm: ConfirmPanel,
  inspect: InspectPanel,
  remedy: RemedyPanel,
  'declare-conflict': ConflictPanel,
  'report-conflict': ReportConflictPanel,
  object: ObjectPanel,
  register: RegisterPanel,
  'open-session': OpenSessionPanel,
  'remind-voters': RemindPanel,
  'send-back': SendBackPanel,
  appeal: AppealPanel,
  state: StatePanel,
  'give-ruling': GiveRulingPanel,
  withdraw: WithdrawPanel,
};

function Panel({ act }: ActProperties): ReactNode {
  const Known = (Object.hasOwn(panels, act.act) ? panels[act.act] : undefined) ?? Elsewhere;
  return <Known act={act} />;
}

/** On a remedy, or on an objection. */
function AnyRulePanel({ act }: ActProperties): ReactNode {
  return act.part?.startsWith('ruling.') === true ? <RemedyRulingPanel act={act} /> : <RulePanel act={act} />;
}

/** Something that a definition may ask for and this console has no form for yet. */
function Elsewhere({ act }: ActProperties): ReactNode {
  const { t, known } = useWords();
  return <Alert type="info" showIcon title={t('act.elsewhere', { act: known(`act.${act.act}`, act.act) })} />;
}
