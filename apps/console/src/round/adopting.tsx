import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { Section } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import type { Checked, Found } from '../shapes.adopting.js';

interface FindingsProperties {
  readonly findings: readonly Found[];
  /** The file whose lines can be shown. */
  readonly main: string;
  readonly onLine: (line: number) => void;
}

/** What was found: first what keeps it from being adopted, then what is only worth knowing. */
export function Findings({ findings, main, onLine }: FindingsProperties): ReactNode {
  const { t } = useWords();
  const faults = findings.filter(({ remark }) => !remark);
  const remarks = findings.filter(({ remark }) => remark);
  const list = (found: readonly Found[]): ReactNode => <FindingList found={found} main={main} onLine={onLine} />;
  return (
    <>
      {faults.length === 0 ? (
        <Alert type="success" showIcon role="status" title={t('adopt-workflow.sound')} />
      ) : (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('adopt-workflow.found', { count: faults.length })}
          description={list(faults)}
        />
      )}
      {remarks.length > 0 && <Alert type="info" showIcon title={t('adopt-workflow.remarks')} description={list(remarks)} />}
    </>
  );
}

function FindingList({
  found,
  main,
  onLine,
}: Omit<FindingsProperties, 'findings'> & { readonly found: readonly Found[] }): ReactNode {
  const { t, say } = useWords();
  return (
    <ul className="findings">
      {found.map(({ code, file, line, column, text, remedy }) => (
        <li key={`${file} ${line} ${column} ${code} ${text.en}`}>
          {file === main ? (
            <Button type="link" size="small" onClick={() => onLine(line)}>
              {t('adopt-workflow.line', { line })}
            </Button>
          ) : (
            <strong>{t('adopt-workflow.line-of', { file, line })}</strong>
          )}{' '}
          {say(text)} {say(remedy)} <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}

interface CheckedProperties {
  readonly checked: Checked;
  readonly onAdopted: (definition: Checked['definition']) => void;
}

/** What would be adopted, and the act; nothing while a fault stands. */
export function AdoptChecked({ checked: { definition, latest, findings }, onAdopted }: CheckedProperties): ReactNode {
  const { t, say } = useWords();
  const { alliance } = useSession();
  const { send, sending, refusal } = useCommand();
  if (definition === undefined || findings.some(({ remark }) => !remark)) return null;
  const { id, version, title, stages } = definition;
  const adopt = async (): Promise<void> => {
    const order = { context: 'definition', id: `${alliance?.id ?? ''}.${id}`, name: 'adopt-definition', data: { definition } };
    if ((await send(order)) !== undefined) onAdopted(definition);
  };
  return (
    <Section title={t('adopt-workflow.is', { title: say(title), version })} tone="task">
      <dl className="facts">
        <dt>{t('adopt-workflow.id')}</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>{t('adopt-workflow.before')}</dt>
        <dd>{latest === 0 ? t('adopt-workflow.first') : t('adopt-workflow.latest', { version: latest })}</dd>
        <dt>{t('round.stages')}</dt>
        <dd>{stages.map((stage) => say(stage.title)).join(' → ')}</dd>
      </dl>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={sending} onClick={() => void adopt()}>
          {t('adopt-workflow.do', { version })}
        </Button>
      </div>
    </Section>
  );
}
