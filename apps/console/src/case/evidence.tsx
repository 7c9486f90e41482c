import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import { FileField } from '../parts/file-field.js';
import { FileLink } from '../parts/file-link.js';
import type { FileKept } from '../shapes.js';

export type Evidence = Omit<FileKept, 'slot'>;
const evidenceAtMost = 5;

interface EvidenceProperties {
  /** How many there must be. */
  readonly atLeast: 0 | 1;
  readonly evidence: readonly Evidence[];
  readonly onChange: (evidence: readonly Evidence[]) => void;
}

/** What is there already, and room for one more. */
export function EvidenceFields({ evidence, atLeast, onChange }: EvidenceProperties): ReactNode {
  const { t } = useWords();
  const slots = Array.from({ length: Math.min(evidence.length + 1, evidenceAtMost) }, (_, index) => index);
  return (
    <>
      {slots.map((index) => (
        <FileField
          key={index}
          label={t('object.evidence', { number: index + 1 })}
          required={index < atLeast}
          hint={t('file.any')}
          value={evidence[index]}
          onChange={(file) =>
            onChange(
              file === undefined
                ? evidence.filter((_, at) => at !== index)
                : [...evidence.slice(0, index), file, ...evidence.slice(index + 1)],
            )
          }
        />
      ))}
    </>
  );
}

interface ShownProperties {
  /** Of the case. */
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

/** What was handed in, in a list of facts. */
export function EvidenceShown({ id, evidence }: ShownProperties): ReactNode {
  const { t } = useWords();
  return evidence.map((file, index) => (
    <div key={file.sha256} className="fact">
      <dt>{t('object.evidence', { number: index + 1 })}</dt>
      <dd>
        <FileLink caseId={id} file={file} /> <code title={file.sha256}>{file.sha256.slice(0, 16)}…</code>
      </dd>
    </div>
  ));
}
