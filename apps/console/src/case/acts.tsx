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
import { ReviewPanel } from './review.js';
import { useRoom } from './room.js';
import { AppealPanel, GiveRulingPanel, StatePanel } from './pleading.js';
import { SendBackPanel, SentBackNote } from './send-back.js';
import { ConfirmPanel, InspectPanel, RemedyPanel, RemedyRulingPanel } from './undertakings.js';
import { AssignPanel, ConflictPanel, TiePanel, VotePanel, WithdrawPanel } from './small-acts.js';

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

function Panel({ act }: { readonly act: Act }): ReactNode {
  switch (act.act) {
    case 'check':
    case 'sign':
      return <CheckPanel act={act} />;
    case 'extend-correction':
      return <ExtendPanel act={act} />;
    case 'transfer':
      return <TransferPanel act={act} />;
    case 'take-back':
      return <TakeBackPanel act={act} />;
    case 'retract':
      return <RetractPanel act={act} />;
    case 'copy':
      return <CopyPanel act={act} />;
    case 'request-files':
      return <RequestFilesPanel />;
    case 'grant-files':
      return <GrantFilesPanel act={act} />;
    case 'replace-files':
      return <ReplaceFilesPanel act={act} />;
    case 'correct':
      return <CorrectPanel act={act} />;
    case 'assign':
      return <AssignPanel act={act} />;
    case 'review':
      return <ReviewPanel act={act} />;
    case 'convene':
      return <ConvenePanel act={act} />;
    case 'vote':
      return <VotePanel act={act} />;
    case 'break-tie':
      return <TiePanel act={act} />;
    case 'rule':
      return act.part?.startsWith('ruling.') === true ? <RemedyRulingPanel act={act} /> : <RulePanel act={act} />;
    case 'confirm':
      return <ConfirmPanel act={act} />;
    case 'inspect':
      return <InspectPanel act={act} />;
    case 'remedy':
      return <RemedyPanel act={act} />;
    case 'declare-conflict':
      return <ConflictPanel act={act} />;
    case 'object':
      return <ObjectPanel act={act} />;
    case 'send-back':
      return <SendBackPanel act={act} />;
    case 'appeal':
      return <AppealPanel act={act} />;
    case 'state':
      return <StatePanel act={act} />;
    case 'give-ruling':
      return <GiveRulingPanel act={act} />;
    case 'withdraw':
      return <WithdrawPanel />;
    default:
      return <Elsewhere act={act} />;
  }
}

/** Something that a definition may ask for and this console has no form for yet. */
function Elsewhere({ act }: { readonly act: Act }): ReactNode {
  const { t, known } = useWords();
  return <Alert type="info" showIcon title={t('act.elsewhere', { act: known(`act.${act.act}`, act.act) })} />;
}
