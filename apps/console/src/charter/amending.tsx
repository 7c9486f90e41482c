import { Alert, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { Refusal, type Text, write } from '../api.js';
import { useWords } from '../language.js';
import { asRefusal } from '../reading.js';
import { useCommand } from '../sending.js';
import { useSession } from '../session.js';
import { Refused } from '../parts/refused.js';
import type { InForce } from './document.js';
import { RuleText } from './rule-text.js';

/** What keeps a charter from being adopted, and where it stands. */
interface CharterFinding {
  readonly where: string;
  readonly text: Text;
}

/** A workflow that the amended charter would no longer allow, and why. */
interface Unlawful {
  readonly id: string;
  readonly version: number;
  readonly title: Text;
  readonly findings: readonly { readonly path: string; readonly text: Text }[];
}

interface Checked {
  readonly document: object;
  readonly findings: readonly CharterFinding[];
  readonly unlawful: readonly Unlawful[];
}

/** Of a slip of syntax, as far as the browser says where it is. */
export interface Place {
  readonly line?: number;
}

function placeIn(message: string): Place {
  const line = /line (\d+)/.exec(message)?.[1];
  return line === undefined ? {} : { line: Number(line) };
}

/** Asks the server what keeps a document from being the charter. */
export function useCharterCheck() {
  const { alliance } = useSession();
  const [checked, setChecked] = useState<Checked>();
  const [fault, setFault] = useState<Place>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [checking, setChecking] = useState(false);
  const forget = (): void => {
    setChecked(undefined);
    setFault(undefined);
    setRefusal(undefined);
  };
  const ask = async (document: object): Promise<void> => {
    setChecking(true);
    await write<Omit<Checked, 'document'>>('POST', `/v1/alliances/${alliance?.id ?? ''}/charter-check`, { document })
      .then((found) => setChecked({ document, ...found }))
      .catch((failure: unknown) => {
        const refused = asRefusal(failure);
        const findings = misshapen(refused);
        return findings.length > 0 ? setChecked({ document, findings, unlawful: [] }) : setRefusal(refused);
      })
      .finally(() => setChecking(false));
  };
  const check = async (text: string): Promise<void> => {
    forget();
    try {
      await ask(JSON.parse(text) as object);
    } catch (failure) {
      if (!(failure instanceof SyntaxError)) throw failure;
      setFault(placeIn(failure.message));
    }
  };
  return { checked, fault, refusal, checking, check, forget };
}

/** What is not shaped like a charter, each at its own place. */
const misshapen = ({ code, details: { faults } }: Refusal): readonly CharterFinding[] =>
  code === 'shape.invalid' && Array.isArray(faults)
    ? (faults as { path: string; text: Text }[]).map(({ path, text }) => ({ where: path, text }))
    : [];

export function CharterFindings({ findings }: { readonly findings: readonly CharterFinding[] }): ReactNode {
  const { t, say } = useWords();
  if (findings.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('amend-charter.found', { count: findings.length })}
      description={
        <ul className="findings">
          {findings.map(({ where, text }) => (
            <li key={`${where} ${text.en}`}>
              <code>{where}</code> {say(text)}
            </li>
          ))}
        </ul>
      }
    />
  );
}

export function MadeUnlawful({ unlawful }: Pick<Checked, 'unlawful'>): ReactNode {
  const { t, say } = useWords();
  if (unlawful.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('amend-charter.unlawful')}
      description={unlawful.map(({ id, version, title, findings }) => (
        <section key={id}>
          <strong>{t('amend-charter.unlawful.one', { title: say(title), version })}</strong>
          <ul className="findings">
            {findings.map(({ path, text }) => (
              <li key={`${path} ${text.en}`}>
                <code>{path}</code> {say(text)}
              </li>
            ))}
          </ul>
        </section>
      ))}
    />
  );
}

interface AmendmentProperties {
  readonly inForce: InForce;
  readonly document: object;
  /** The document as it is downloaded. */
  readonly text: string;
  readonly onDone: () => void;
}

/** Puts the amended charter into force; where it takes a resolution, what to do instead. */
export function Amendment({ inForce, document, text, onDone }: AmendmentProperties): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const { send, sending, refusal } = useCommand();
  const clause = inForce.document.powers.find(({ power }) => power === 'amend-charter');
  const amend = async (): Promise<void> => {
    const order = { context: 'charter', id: alliance?.id ?? '', name: 'adopt-charter', data: { document } };
    if ((await send(order)) !== undefined) onDone();
  };
  if (clause?.rule !== undefined) return <Together inForce={inForce} rule={clause.rule} text={text} />;
  return (
    <>
      <Refused refusal={refusal} />
      <div className="buttons">
        <Button type="primary" loading={sending} onClick={() => void amend()}>
          {t('amend-charter.do', { version: inForce.version + 1 })}
        </Button>
      </div>
    </>
  );
}

function Together({ inForce, rule, text }: Pick<AmendmentProperties, 'inForce' | 'text'> & { readonly rule: string }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const name = `charter-${inForce.version + 1}.json`;
  return (
    <>
      <p>
        {t('amend-charter.together')} <RuleText rule={inForce.document.rules.find((candidate) => candidate.rule === rule)} />
      </p>
      <p>
        {t('amend-charter.then')}{' '}
        <code>
          entente amend {alliance?.id} {name}
        </code>
      </p>
      <p>
        <a href={`data:application/json;charset=utf-8,${encodeURIComponent(text)}`} download={name}>
          {t('amend-charter.download')}
        </a>
      </p>
    </>
  );
}
