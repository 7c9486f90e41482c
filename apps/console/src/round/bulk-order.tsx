import { Alert, Button, Checkbox, Progress } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Text } from '../api.js';
import { readable } from '../case/readable.js';
import { useWords } from '../language.js';
import { Read } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useRead } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { Definition } from '../shapes.js';
import type { Doing, Preview } from './bulk.js';

interface Properties {
  readonly definition: Definition;
  readonly doing: Doing;
  readonly preview: Preview;
  /** Asks for the preview of a part of it. */
  readonly onOnly: (cases: readonly string[]) => void;
}

/** A preview: how many, which not and why, what they will read; and the order, once. */
export function BulkOrder({ definition, doing, preview, onOnly }: Properties): ReactNode {
  const { t, language } = useWords();
  const { alliance } = useSession();
  const { send, sending, refusal } = useCommand();
  const [id] = useState(() => `${alliance?.id ?? ''}.${crypto.randomUUID()}`);
  const [ordered, setOrdered] = useState(false);
  const { cases, steps, hash, sample } = preview;
  const order = async (): Promise<void> => {
    const data = { ...doing, cases, preview: hash };
    if ((await send({ context: 'bulk', id, name: 'order-bulk', data })) !== undefined) setOrdered(true);
  };
  if (ordered) return <Ordered id={id} />;
  return (
    <>
      <h3>{t('bulk.would', { cases: cases.length, steps })}</h3>
      {sample.length > 0 && (
        <blockquote className="prose" aria-label={t('bulk.sample')}>
          {sample.map((line) => (
            <p key={line.en}>{readable(line, definition, language)}</p>
          ))}
        </blockquote>
      )}
      <Included preview={preview} onOnly={onOnly} />
      <Excluded excluded={preview.excluded} />
      <Refused refusal={refusal} onReload={() => onOnly(cases.map((one) => one.case))} />
      {cases.length > 0 && (
        <div className="buttons">
          <Button type="primary" loading={sending} onClick={() => void order()}>
            {t('bulk.do', { cases: cases.length })}
          </Button>
        </div>
      )}
    </>
  );
}

/** Those that it would be done to; whoever takes some out looks at the preview of the rest. */
function Included({ preview, onOnly }: Pick<Properties, 'preview' | 'onOnly'>): ReactNode {
  const { t } = useWords();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string): void => {
    const next = new Set(out);
    if (!next.delete(id)) next.add(id);
    setOut(next);
  };
  const rest = preview.items.filter(({ id }) => !out.has(id)).map(({ id }) => id);
  return (
    <details>
      <summary>{t('bulk.included')}</summary>
      <ul className="plain">
        {preview.items.map(({ id, number, title }) => (
          <li key={id}>
            <Checkbox checked={!out.has(id)} onChange={() => toggle(id)}>
              {title} <span className="quiet number">{number}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
      {out.size > 0 && rest.length > 0 && (
        <Button size="small" onClick={() => onOnly(rest)}>
          {t('bulk.only', { count: rest.length })}
        </Button>
      )}
    </details>
  );
}

function Excluded({ excluded }: Pick<Preview, 'excluded'>): ReactNode {
  const { t, say } = useWords();
  if (excluded.length === 0) return null;
  return (
    <details open>
      <summary>{t('bulk.excluded', { count: excluded.length })}</summary>
      <ul className="plain">
        {excluded.map(({ case: id, number, text }) => (
          <li key={id}>
            <Link to={`/cases/${id}`}>{number}</Link> {say(text)}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Done {
  readonly cases: number;
  readonly steps: number;
  readonly done: number;
  readonly overtaken: readonly { readonly case: string; readonly code: string; readonly text: Text }[];
}

/** How far an order has come: it is carried out whether anyone looks or not. */
function Ordered({ id }: { readonly id: string }): ReactNode {
  const { t, say } = useWords();
  const reading = useRead<Done>(`/v1/bulk/${id}`, () => true);
  return (
    <Read reading={reading}>
      {({ cases, steps, done, overtaken }) => (
        <>
          <Alert
            type="success"
            showIcon
            role="status"
            title={t(done + overtaken.length < steps ? 'bulk.ordered' : 'bulk.finished', { cases })}
          />
          <Progress percent={Math.round(((done + overtaken.length) / steps) * 100)} aria-label={t('bulk.progress')} />
          {overtaken.length > 0 && (
            <>
              <p>{t('bulk.overtaken', { count: overtaken.length })}</p>
              <ul className="plain">
                {overtaken.map(({ case: one, text }) => (
                  <li key={one}>
                    <Link to={`/cases/${one}`}>{one}</Link> {say(text)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Read>
  );
}
