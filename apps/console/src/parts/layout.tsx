import { Button, Select } from 'antd';
import { type ReactNode, useRef } from 'react';
import { Link, NavLink, useLocation, useNavigate } from 'react-router';
import { useWords } from '../language.js';
import { usePlace } from '../place.js';
import { useSession } from '../session.js';

/** What stands around every page. */
export function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  const { t } = useWords();
  const { ways } = useSession();
  const main = useRef<HTMLElement>(null);
  usePlace(() => main.current?.focus({ preventScroll: true }));
  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      {ways.demonstration && <DemonstrationBanner />}
      <Head />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function DemonstrationBanner(): ReactNode {
  const { t } = useWords();
  const { session } = useSession();
  return (
    <aside className="demonstration" aria-label={t('demonstration')}>
      <strong>{t('demonstration')}</strong> {t('demonstration.what')}
      {session !== undefined && (
        <>
          {' '}
          <Link to="/sign-in">{t('demonstration.other')}</Link>
        </>
      )}
    </aside>
  );
}

function Head(): ReactNode {
  const { t, say, language, switchLanguage } = useWords();
  const { alliances, alliance, chooseAlliance, session } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const choose = (id: string): void => {
    chooseAlliance(id);
    // A case, a round or a meeting has its alliance in its address.
    if (pathname.includes('.')) void navigate('/');
  };
  const pages = [
    ...(session === undefined
      ? []
      : ([
          ['/', 'nav.tasks'],
          ['/rounds', 'nav.rounds'],
          ['/meetings', 'nav.meetings'],
        ] as const)),
    ['/publicity', 'nav.publicity'],
    ['/register', 'nav.register'],
    ['/charter', 'nav.charter'],
  ] as const;
  return (
    <header className="head">
      <div className="head-row">
        <Link to={session === undefined ? '/publicity' : '/'} className="brand">
          <Rings /> <span>{alliance === undefined ? 'Entente' : say(alliance.title)}</span>
        </Link>
        {alliances.length > 1 && (
          <Select
            aria-label={t('alliance.choose')}
            value={alliance?.id ?? null}
            onChange={choose}
            options={alliances.map(({ id, title }) => ({ value: id, label: say(title) }))}
          />
        )}
        <div className="head-end">
          <Button type="text" onClick={switchLanguage} lang={language === 'zh' ? 'en' : 'zh-CN'}>
            {t('language.other')}
          </Button>
          <Person />
        </div>
      </div>
      <nav aria-label={t('nav')}>
        {pages.map(([path, text]) => (
          <NavLink key={path} to={path} end={path === '/'}>
            {t(text)}
          </NavLink>
        ))}
      </nav>
    </header>
  );
}

function Person(): ReactNode {
  const { t, say, known } = useWords();
  const { session, standing, signOut } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  if (session === undefined) return pathname === '/sign-in' ? null : <Link to="/sign-in">{t('sign-in')}</Link>;
  const organs = [...new Set(standing?.seats.map(({ organ }) => known(`organ.${organ}`, organ)))];
  return (
    <>
      <span className="person">
        <Link to="/account">{standing?.name === undefined ? t('account') : say(standing.name)}</Link>
        {organs.length > 0 && <span className="quiet"> {organs.join(t('list.comma'))}</span>}
      </span>
      <Button type="text" onClick={() => void signOut().then(() => navigate('/sign-in'))}>
        {t('sign-out')}
      </Button>
    </>
  );
}

const Rings = (): ReactNode => (
  <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
    <circle cx="12" cy="16" r="9" fill="none" stroke="#1650c8" strokeWidth="3" />
    <circle cx="20" cy="16" r="9" fill="none" stroke="#d4380d" strokeWidth="3" />
  </svg>
);
