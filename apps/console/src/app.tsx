import { ConfigProvider, Spin } from 'antd';
import enUS from 'antd/es/locale/en_US';
import zhCN from 'antd/es/locale/zh_CN';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { BrowserRouter, Navigate, Outlet, Route, Routes, useLocation, useNavigate } from 'react-router';
import { LanguageProvider, useWords } from './language.js';
import { LiveProvider } from './live.js';
import { Broken } from './parts/broken.js';
import { Layout } from './parts/layout.js';
import { Refused } from './parts/refused.js';
import { Charter } from './pages/charter.js';
import { Invitation } from './pages/invitation.js';
import { Nowhere } from './pages/nowhere.js';
import { Publicity, Register } from './pages/public.js';
import { Round } from './pages/round.js';
import { MeetingPage, Meetings } from './pages/meetings.js';
import { Rounds } from './pages/rounds.js';
import { SignIn } from './pages/sign-in.js';
import { Tasks } from './pages/tasks.js';
import { SessionProvider, useSession } from './session.js';
import { takeWayBack } from './way-back.js';

const CasePage = lazy(() => import('./pages/case.js').then(({ CasePage: page }) => ({ default: page })));
const AssignmentPage = lazy(() => import('./pages/assignment.js').then(({ AssignmentPage: page }) => ({ default: page })));
const PoolPage = lazy(() => import('./pages/pool.js').then(({ PoolPage: page }) => ({ default: page })));
const RankingPage = lazy(() => import('./pages/ranking.js').then(({ RankingPage: page }) => ({ default: page })));
const Receipt = lazy(() => import('./pages/receipt.js').then(({ Receipt: page }) => ({ default: page })));
const Apply = lazy(() => import('./pages/apply.js').then(({ Apply: page }) => ({ default: page })));
const ApplyFor = lazy(() => import('./pages/apply-for.js').then(({ ApplyFor: page }) => ({ default: page })));
const AdoptWorkflow = lazy(() => import('./pages/adopt-workflow.js').then(({ AdoptWorkflow: page }) => ({ default: page })));
const AmendCharter = lazy(() => import('./pages/amend-charter.js').then(({ AmendCharter: page }) => ({ default: page })));
const Account = lazy(() => import('./pages/account.js').then(({ Account: page }) => ({ default: page })));
const WhatIf = lazy(() => import('./pages/what-if.js').then(({ WhatIf: page }) => ({ default: page })));
const Migrate = lazy(() => import('./pages/migrate.js').then(({ Migrate: page }) => ({ default: page })));
const Incidents = lazy(() => import('./pages/incidents.js').then(({ Incidents: page }) => ({ default: page })));
const Board = lazy(() => import('./pages/board.js').then(({ Board: page }) => ({ default: page })));
const CalendarPage = lazy(() => import('./pages/calendar.js').then(({ CalendarPage: page }) => ({ default: page })));
const OpenRound = lazy(() => import('./pages/open-round.js').then(({ OpenRound: page }) => ({ default: page })));

export function App(): ReactNode {
  return (
    <LanguageProvider>
      <Themed>
        <Broken>
          <SessionProvider
            waiting={<Waiting />}
            failed={(refusal, again) => (
              <main className="alone">
                <Refused refusal={refusal} onReload={again} />
              </main>
            )}
          >
            <BrowserRouter>
              <Live>
                <Pages />
              </Live>
            </BrowserRouter>
          </SessionProvider>
        </Broken>
      </Themed>
    </LanguageProvider>
  );
}

const theme = {
  token: {
    colorPrimary: '#1650c8',
    colorLink: '#1650c8',
    // Those of the design system are too light to be read on their own grounds: WCAG 2.2 asks for 4.5 to 1.
    colorInfo: '#1650c8',
    colorSuccess: '#1f7a3d',
    colorSuccessBg: '#eef8f0',
    colorWarning: '#945300',
    colorWarningBg: '#fff6e5',
    colorError: '#b42318',
    colorErrorBg: '#fff1f0',
    colorTextDescription: '#5a6474',
    colorTextPlaceholder: '#6b7484',
    borderRadius: 6,
    fontSize: 15,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily:
      'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif',
  },
};

function Themed({ children }: { readonly children: ReactNode }): ReactNode {
  const { language } = useWords();
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      {children}
    </ConfigProvider>
  );
}

const Waiting = (): ReactNode => (
  <div className="alone">
    <Spin size="large" />
  </div>
);

function Live({ children }: { readonly children: ReactNode }): ReactNode {
  const { session, alliance } = useSession();
  return <LiveProvider alliance={session === undefined ? undefined : alliance?.id}>{children}</LiveProvider>;
}

/** Pages for who is signed in; anyone else signs in first and comes back. */
function Private(): ReactNode {
  const { session } = useSession();
  const { pathname, search, hash } = useLocation();
  const navigate = useNavigate();
  const arrived = session !== undefined && pathname === '/';
  useEffect(() => {
    const kept = arrived ? takeWayBack() : undefined;
    if (kept !== undefined) void navigate(kept, { replace: true });
  }, [arrived, navigate]);
  if (session !== undefined) return <Outlet />;
  const back = pathname === '/' ? '' : `?back=${encodeURIComponent(pathname + search + hash)}`;
  return <Navigate to={`/sign-in${back}`} replace />;
}

/** Nothing that was typed on a page, or went wrong there, outlasts it: a page of another alliance is another page. */
function Pages(): ReactNode {
  const { pathname } = useLocation();
  const { alliance } = useSession();
  return (
    <Layout>
      <Broken key={`${alliance?.id ?? ''} ${pathname}`}>
        <Suspense fallback={<Waiting />}>
          <Routes>
            <Route path="/sign-in" element={<SignIn />} />
            <Route path="/invitation" element={<Invitation />} />
            <Route path="/publicity" element={<Publicity />} />
            <Route path="/register" element={<Register />} />
            <Route path="/charter" element={<Charter />} />
            <Route element={<Private />}>
              <Route path="/" element={<Tasks />} />
              <Route path="/account" element={<Account />} />
              <Route path="/meetings" element={<Meetings />} />
              <Route path="/meetings/:meeting" element={<MeetingPage />} />
              <Route path="/calendar" element={<CalendarPage />} />
              <Route path="/rounds" element={<Rounds />} />
              <Route path="/charter/amend" element={<AmendCharter />} />
              <Route path="/workflows/adopt" element={<AdoptWorkflow />} />
              <Route path="/rounds/open" element={<OpenRound />} />
              <Route path="/rounds/:round" element={<Round />} />
              <Route path="/rounds/:round/board" element={<Board />} />
              <Route path="/rounds/:round/stages/:stage/assignment" element={<AssignmentPage />} />
              <Route path="/rounds/:round/stages/:stage/pool" element={<PoolPage />} />
              <Route path="/rounds/:round/stages/:stage/ranking" element={<RankingPage />} />
              <Route path="/rounds/:round/stages/:stage/what-if" element={<WhatIf />} />
              <Route path="/rounds/:round/migrate" element={<Migrate />} />
              <Route path="/incidents" element={<Incidents />} />
              <Route path="/rounds/:round/apply" element={<Apply />} />
              <Route path="/rounds/:round/apply/:course" element={<ApplyFor />} />
              <Route path="/cases/:case" element={<CasePage />} />
              <Route path="/cases/:case/receipt" element={<Receipt />} />
            </Route>
            <Route path="*" element={<Nowhere />} />
          </Routes>
        </Suspense>
      </Broken>
    </Layout>
  );
}
