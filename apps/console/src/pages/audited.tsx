import { Radio } from 'antd';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useWords } from '../language.js';
import { CaseTable } from '../parts/case-table.js';
import { Read, Section } from '../parts/page.js';
import { usePages } from '../reading.js';
import { useSession } from '../session.js';
import type { Listed } from '../shapes.js';

const searches = {
  decided: 'status:ended',
  objected: 'objected:yes',
  overdue: 'overdue:yes',
  open: 'status:open',
} as const;
type Looked = keyof typeof searches;

/** For who audits: every case of the alliance, by what makes it worth a look. */
export function Audited(): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get('look') ?? '';
  const looked = Object.hasOwn(searches, chosen) ? (chosen as Looked) : 'decided';
  const found = usePages<Listed>(
    `/v1/alliances/${alliance?.id ?? ''}/cases?q=${encodeURIComponent(searches[looked])}`,
    () => true,
  );
  return (
    <Section title={t('audit')}>
      <p className="quiet">{t('audit.what')}</p>
      <Radio.Group
        aria-label={t('audit')}
        optionType="button"
        value={looked}
        onChange={({ target }) => setSearch({ look: target.value as Looked }, { replace: true })}
        options={(Object.keys(searches) as Looked[]).map((value) => ({ value, label: t(`audit.${value}`) }))}
      />
      <Read reading={found}>
        {(cases) => <CaseTable cases={cases} caption={t(`audit.${looked}`)} empty={t('audit.none')} more={found.more} />}
      </Read>
    </Section>
  );
}
