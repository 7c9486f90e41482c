import type { ReactNode } from 'react';
import { sizeOf } from '../files.js';
import { useWords } from '../language.js';
import type { FileKept } from '../shapes.js';

interface Properties {
  readonly caseId: string;
  readonly file: Omit<FileKept, 'slot'>;
}

/** A file of a case, to be downloaded. */
export function FileLink({ caseId, file: { sha256, bytes } }: Properties): ReactNode {
  const { t } = useWords();
  return (
    <a href={`/v1/cases/${caseId}/files/${sha256}`} download>
      {t('file.download', { size: sizeOf(bytes) })}
    </a>
  );
}
