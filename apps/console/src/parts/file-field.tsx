import { Button, Spin } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import type { Refusal } from '../api.js';
import { sizeOf, upload } from '../files.js';
import { useWords } from '../language.js';
import { asRefusal } from '../reading.js';
import type { FileKept } from '../shapes.js';
import { Labelled } from './field.js';
import { Refused } from './refused.js';

type Kept = Omit<FileKept, 'slot'>;

interface Properties {
  readonly label: string;
  readonly required?: boolean | undefined;
  readonly hint?: string;
  readonly accept?: string;
  readonly fault?: string | undefined;
  readonly value: Kept | undefined;
  readonly onChange: (file: Kept | undefined) => void;
}

/** One file, sent as soon as it is chosen and shown by what it is: its size and SHA-256. */
export function FileField({ label, required, hint, accept, fault, value, onChange }: Properties): ReactNode {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setSending(true);
    setRefusal(undefined);
    try {
      onChange(await upload(file));
    } catch (failure) {
      setRefusal(asRefusal(failure));
    } finally {
      setSending(false);
      if (input.current !== null) input.current.value = '';
    }
  };
  return (
    <Labelled label={label} required={required} hint={hint} fault={fault}>
      {(control) => (
        <div className="file-field">
          <input
            {...control}
            ref={input}
            type="file"
            className="unseen"
            accept={accept}
            onChange={({ target }) => void take(target.files?.[0])}
          />
          <Button disabled={sending} onClick={() => input.current?.click()} tabIndex={-1} aria-hidden>
            {value === undefined ? t('file.choose') : t('file.replace')}
          </Button>
          {sending && <Spin size="small" aria-label={t('file.sending')} />}
          {value !== undefined && !sending && (
            <span className="file-kept">
              <span>{t('file.kept', { size: sizeOf(value.bytes) })}</span>
              <code title="SHA-256">{value.sha256.slice(0, 16)}…</code>
              <Button type="link" size="small" onClick={() => onChange(undefined)}>
                {t('file.remove')}
              </Button>
            </span>
          )}
          <Refused refusal={refusal} />
        </div>
      )}
    </Labelled>
  );
}
