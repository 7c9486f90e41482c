import { Alert, Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { Refusal, type Text, write } from '../api.js';
import { useWords } from '../language.js';
import { asRefusal } from '../reading.js';
import { useAsking, useCommand } from '../sending.js';
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
  const [fault, setFault] = useState<Place>();
  const asked = useAsking<Checked>();
  const path = `/v1/alliances/${alliance?.id ?? ''}/charter-check`;
  const forget = (): void => {
    asked.forget();
    setFault(undefined);
  };
  const check = (text: string): void => {
    forget();
    const document = documentIn(text);
    if (document instanceof SyntaxError) setFault(placeIn(document.message));
    else void asked.ask(findingsOf(path, document));
  };
  return { ...asked, fault, check, forget };
}

function documentIn(text: string): object | SyntaxError {
  try {
    return JSON.parse(text) as object;
  } catch (failure) {
    return failure as SyntaxError;
  }
}

const findingsOf = async (path: string, document: object): Promise<Checked> =>
  write<Omit<Checked, 'document'>>('POST', path, { document })
    .catch((failure: unknown) => {
      const findings = misshapen(asRefusal(failure));
      if (findings.length === 0) throw failure;
      return { findings, unlawful: [] };
    })
    .then((found) => ({ document, ...found }));

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
