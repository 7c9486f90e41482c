import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../language.js';
import { Page } from '../parts/page.js';

export function Nowhere(): ReactNode {
  const { t } = useWords();
  return (
    <Page title={t('nowhere')}>
      <p>{t('nowhere.what')}</p>
      <Link to="/">{t('nowhere.home')}</Link>
    </Page>
  );
}
