import type { ReactNode } from 'react';
import { Keys } from '../account/keys.js';
import { Sessions } from '../account/sessions.js';
import { useWords } from '../language.js';
import { Page } from '../parts/page.js';

/** What a person keeps about their own way in. */
export function Account(): ReactNode {
  const { t } = useWords();
  return (
    <Page title={t('account')}>
      <Sessions />
      <Keys />
    </Page>
  );
}
