import { Button, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Text } from '../api.js';
import { useWords } from '../language.js';
import { CaseTable } from '../parts/case-table.js';
import { Read } from '../parts/page.js';
import { usePages, useRead } from '../reading.js';
import { useSession } from '../session.js';
import type { Listed, Round } from '../shapes.js';

/** What is searched for stands in the address, so that it can be sent to a colleague. */
export function useAsked(): readonly [string, (asked: string) => void] {
  const [parameters, setParameters] = useSearchParams();
  return [parameters.get('q') ?? '', (asked) => setParameters(asked.trim() === '' ? {} : { q: asked.trim() }, { replace: true })];
}

interface SearchProperties {
  readonly asked: string;
  readonly onAsk: (asked: string) => void;
}

/** The search box, with its language explained. */
export function CaseSearch({ asked, onAsk }: SearchProperties): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <div className="search" role="search">
      <Input.Search
        // What was asked elsewhere on the page stands in the box too.
        key={asked}
        allowClear
        aria-label={t('search')}
        placeholder={t('search.placeholder')}
        defaultValue={asked}
        maxLength={500}
        enterButton={t('search.go')}
        onSearch={onAsk}
      />
      <Button type="link" onClick={() => setOpen(true)}>
        {t('search.help')}
      </Button>
      <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={t('search.help')} width={760}>
        {open && (
          <Help
            onAdd={(example) => {
              setOpen(false);
              onAsk(`${asked} ${example}`);
            }}
          />
        )}
      </Modal>
    </div>
  );
}

interface Term {
  readonly name: string;
  readonly zh: readonly string[];
  readonly about: Text;
  readonly example: string;
}

function Help({ onAdd }: { readonly onAdd: (example: string) => void }): ReactNode {
  const { t, say, language } = useWords();
  const reading = useRead<{ items: readonly Term[] }>('/v1/search-terms');
  return (
    <div className="search-help">
      <p>{t('search.rules')}</p>
      <Read reading={reading}>
        {({ items }) => (
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">{t('search.term')}</th>
                <th scope="col">{t('search.means')}</th>
                <th scope="col">{t('search.example')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ name, zh, about, example }) => (
                <tr key={name}>
                  <td data-label={t('search.term')}>{(language === 'zh' ? [zh[0], name] : [name, zh[0]]).join(' · ')}</td>
                  <td data-label={t('search.means')}>{say(about).replaceAll('`', '')}</td>
                  <td data-label={t('search.example')}>
                    <Button size="small" type="link" aria-label={t('search.add', { example })} onClick={() => onAdd(example)}>
                      <code>{example}</code>
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Read>
    </div>
  );
}

/** The cases of a round that a search finds, a page at a time. */
export function FoundCases({ round, asked }: { readonly round: Round; readonly asked: string }): ReactNode {
  const { t } = useWords();
  const { alliance } = useSession();
  const query = new URLSearchParams({ round: round.id, ...(asked === '' ? {} : { q: asked }) }).toString();
  const pages = usePages<Listed>(`/v1/alliances/${alliance?.id ?? ''}/cases?${query}`, () => true);
  return (
    <Read reading={pages}>
      {(cases) => (
        <CaseTable
          cases={cases}
          caption={t('round.cases')}
          more={pages.more}
          empty={asked === '' ? t('round.no-cases') : t('round.none-found')}
        />
      )}
    </Read>
  );
}
