import type { ReactNode } from 'react';
import { useWords } from '../language.js';
import type { Rule } from './document.js';

/** A decision rule in words. */
export function RuleText({ rule }: { readonly rule: Rule | undefined }): ReactNode {
  const { t, known } = useWords();
  if (rule === undefined) return <span className="quiet">{t('charter.any-seat')}</span>;
  const { quorum, majority, tie } = rule;
  return (
    <>
      {t('charter.quorum', { share: quorum.atLeast.join('/'), of: known(`base.${quorum.of}`, quorum.of) })}{' '}
      {t(majority.atLeast === true ? 'charter.majority-at-least' : 'charter.majority-over', {
        share: majority.over.join('/'),
        of: known(`base.${majority.of}`, majority.of),
      })}{' '}
      {known(`tie.${tie}`, '')}
    </>
  );
}
