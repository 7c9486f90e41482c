import { Button } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useWords } from '../language.js';
import { type Order, useCommand } from '../sending.js';
import { TextField } from './field.js';
import { Refused } from './refused.js';

interface FieldProperties {
  readonly value: string;
  readonly onChange: (reason: string) => void;
  readonly label?: string;
  /** Who will read it; unless told, it is official and stays on record in clear. */
  readonly hint?: string;
  /** A note need not be written. */
  readonly kind?: 'reason' | 'note';
}

/** Why something is done. */
export function ReasonField({ value, onChange, label, hint, kind = 'reason' }: FieldProperties): ReactNode {
  const { t } = useWords();
  return (
    <TextField
      label={label ?? t(kind)}
      hint={hint ?? t('reason.hint')}
      value={value}
      onChange={onChange}
      required={kind === 'reason'}
      rows={2}
      maxLength={2000}
    />
  );
}

interface FormProperties {
  /** The command, once the reason is known. */
  readonly order: (reason: string) => Order;
  readonly onDone: () => void;
  /** Whether everything else that must be entered is there. */
  readonly ready?: boolean;
  readonly tone: 'primary' | 'danger';
  readonly label?: string;
  /** What stands on the button. */
  readonly children: ReactNode;
}

/** An act that needs nothing more than a reason, on pages that are not about one case. */
export function ReasonForm({ order, onDone, ready = true, tone, label, children }: FormProperties): ReactNode {
  const [reason, setReason] = useState('');
  const { send, sending, refusal } = useCommand();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await send(order(reason.trim()))) !== undefined) onDone();
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <ReasonField value={reason} onChange={setReason} {...(label === undefined ? {} : { label })} />
      <Refused refusal={refusal} onReload={onDone} />
      <div className="buttons">
        <Button
          htmlType="submit"
          type={tone === 'primary' ? 'primary' : 'default'}
          danger={tone === 'danger'}
          loading={sending}
          disabled={!ready || reason.trim() === ''}
        >
          {children}
        </Button>
      </div>
    </form>
  );
}
