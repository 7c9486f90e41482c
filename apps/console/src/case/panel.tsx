import { Alert, Button, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Refusal } from '../api.js';
import type { Draft } from '../draft.js';
import { useWords } from '../language.js';
import { Deadline } from '../parts/deadline.js';
import { DraftNote } from '../parts/draft-note.js';
import { Refused } from '../parts/refused.js';
import type { Act } from '../shapes.js';
import { type Typing, useCaseCommand, useRoom } from './room.js';

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

interface OrderProperties {
  readonly command: string;
  readonly data: object;
  /** What the page says once it is done. */
  readonly told: string;
  /** Whether everything that must be entered is there. */
  readonly ready: boolean;
  /** Where it is decided on what was read: nothing is sent once that has changed. */
  readonly typing?: Typing;
  /** Where what is sent was written as a draft: it is thrown away once it is sent. */
  readonly draft?: Pick<Draft<unknown>, 'status' | 'refusal' | 'conflict' | 'discard'>;
  readonly tone?: 'primary' | 'danger';
  /** What stands on the button. */
  readonly children: ReactNode;
}

/** The button that sends a command about the case, and why it was refused. */
export function Order({ command, data, told, ready, typing, draft, tone, children }: OrderProperties): ReactNode {
  const { reload, done } = useRoom();
  const { send, sending, refusal } = useCaseCommand();
  const submit = async (): Promise<void> => {
    if ((await send(command, data, typing?.revision)) === undefined) return;
    await draft?.discard();
    done({ text: told });
    reload();
  };
  return (
    <>
      {typing === undefined ? <Refused refusal={refusal} onReload={reload} /> : <Outdated refusal={refusal} />}
      <div className="buttons">
        <Button
          type={tone === 'primary' ? 'primary' : 'default'}
          danger={tone === 'danger'}
          loading={sending}
          disabled={!ready || typing?.outdated === true || draft?.conflict !== undefined}
          onClick={() => void submit()}
        >
          {children}
        </Button>
        {draft !== undefined && <DraftNote draft={draft} />}
      </div>
    </>
  );
}

interface ChoiceProperties<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly label: string }[];
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, onChange, options }: ChoiceProperties<T>): ReactNode {
  return (
    <Radio.Group
      aria-label={label}
      optionType="button"
      value={value}
      onChange={({ target }) => onChange(target.value as T)}
      options={[...options]}
    />
  );
}
