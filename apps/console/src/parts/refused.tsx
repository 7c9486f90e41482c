import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import type { Refusal, Text } from '../api.js';
import { useWords } from '../language.js';
import { allianceZone, deadline, instantInText } from '../time.js';

interface Properties {
  readonly refusal: Refusal | undefined;
  /** Reads again what has changed. What was typed stays. */
  readonly onReload?: () => void;
}

const quotedId = /([“"])([a-z][a-z-]*)([”"])/g;

/** Powers and organs stand in refusals by their ids. */
const named = (text: string, known: ReturnType<typeof useWords>['known']): string =>
  text.replace(quotedId, (whole, open: string, id: string, close: string) => {
    const name = known(`power.${id}`, known(`organ.${id}`, ''));
    return name === '' ? whole : `${open}${name}${close}`;
  });

/** Why something was refused, in the reader's language, and what to do. */
export function Refused({ refusal, onReload }: Properties): ReactNode {
  const { t, say, known, language } = useWords();
  if (refusal === undefined) return null;
  const stale = refusal.status === 412;
  // The faults stand beside their fields; the refusal itself names fields by their ids.
  const incomplete = refusal.code === 'case.incomplete' || refusal.code === 'shape.invalid';
  const findings = findingsOf(refusal);
  const title = stale
    ? t('refused.changed')
    : incomplete
      ? t('refused.incomplete')
      : findings.length > 0
        ? t('refused.findings')
        : named(say(refusal.text), known).replace(instantInText, (at) => deadline(at, allianceZone, language));
  const helps = onReload !== undefined && (stale || refusal.status === 0 || refusal.status >= 500);
  return (
    <Alert
      type={stale ? 'warning' : 'error'}
      showIcon
      role="alert"
      className="refused"
      title={title}
      description={stale ? t('refused.changed-do') : findings.length > 0 ? <Findings findings={findings} /> : undefined}
      action={
        helps && (
          <Button size="small" onClick={onReload}>
            {stale ? t('refused.show-new') : t('refused.again')}
          </Button>
        )
      }
    />
  );
}

interface Finding {
  readonly path: string;
  readonly text: Text;
  readonly remedy: Text;
}

/** What is wrong with a workflow, or with what was said for it: what was found, where, and what to do. */
function findingsOf({ details: { faults } }: Pick<Refusal, 'details'>): readonly Finding[] {
  return Array.isArray(faults) ? (faults as Partial<Finding>[]).filter((one): one is Finding => one.remedy !== undefined) : [];
}

function Findings({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const { say } = useWords();
  return (
    <ul>
      {findings.map(({ path, text, remedy }) => (
        <li key={`${path} ${text.en}`}>
          {say(text)} {say(remedy)} <code>{path}</code>
        </li>
      ))}
    </ul>
  );
}

/** By the fields that a condition reads: what would meet it, where it is not met. */
export function unmetOf({ details }: Pick<Refusal, 'details'>): ReadonlyMap<string, Text> {
  const failed = details['failed'];
  if (!Array.isArray(failed)) return new Map();
  return new Map(
    (failed as { requires: Text; facts: object; notStated: readonly string[] }[]).flatMap(({ requires, facts, notStated }) =>
      [...Object.keys(facts), ...notStated]
        .filter((fact) => fact.startsWith('form.'))
        .map((fact) => [fact.slice('form.'.length), requires] as const),
    ),
  );
}

/** What is wrong with each field, by its name: from the form's own check, or from the shape of the command. */
export function faultsOf({ details }: Pick<Refusal, 'details'>): ReadonlyMap<string, string> {
  const faults = details['faults'];
  if (!Array.isArray(faults)) return new Map();
  return new Map(
    (faults as { field?: string; fault?: string; path?: string; text?: Text }[]).map(({ field, fault, path }) => [
      field ?? path?.split('/')[1] ?? '',
      fault ?? 'invalid',
    ]),
  );
}
