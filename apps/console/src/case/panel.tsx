import { Alert, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Refusal } from '../api.js';
import { useWords } from '../language.js';
import { Deadline } from '../parts/deadline.js';
import { Refused } from '../parts/refused.js';
import type { Act } from '../shapes.js';
import { useRoom } from './room.js';

export function Due({ act }: { readonly act: Act }): ReactNode {
  const { answer } = useRoom();
  return act.dueAt === undefined ? null : <Deadline at={act.dueAt} zone={answer.definition.zone} />;
}

/** Says that what one decides on has changed meanwhile; what was typed stays. */
export function Outdated({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
  const { t } = useWords();
  const { outdated, reload } = useRoom();
  if (!outdated) return <Refused refusal={refusal} onReload={reload} />;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('refused.changed')}
      description={t('refused.changed-do')}
      action={
        <Button size="small" onClick={reload}>
          {t('refused.show-new')}
        </Button>
      }
    />
  );
}

interface MoreProperties {
  readonly title: string;
  readonly id?: string;
  readonly children: ReactNode;
}

/** What may be done beside the task, out of the way until it is wanted. */
export function More({ title, id, children }: MoreProperties): ReactNode {
  const [open, setOpen] = useState(id !== undefined && location.hash === `#${id}`);
  return (
    <details id={id} className="more-acts" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  );
}
