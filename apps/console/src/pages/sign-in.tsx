import { Alert, Button, Card } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Refusal, write } from '../api.js';
import { useWords } from '../language.js';
import { isOwnPath } from '../own-path.js';
import { TextField } from '../parts/field.js';
import { Page } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { UniversityAccounts } from '../parts/university-accounts.js';
import { asRefusal } from '../reading.js';
import { useSession } from '../session.js';
import type { Session } from '../shapes.js';
import { keepWayBack, keptWayBack } from '../way-back.js';
import { Roles } from './roles.js';

export type Begin = (way: () => Promise<Session>) => Promise<void>;

export function SignIn(): ReactNode {
  const { t, say, known } = useWords();
  const { ways, begun } = useSession();
  const [search] = useSearchParams();
  const refusedAt = search.get('refused');
  const back = search.get('back') ?? (refusedAt === null ? null : keptWayBack());
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const begin: Begin = async (way) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      begun(await way());
      keepWayBack(null);
      await navigate(isOwnPath(back, location.origin) ? back : '/', { replace: true });
    } catch (failure) {
      setRefusal(asRefusal(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={t('sign-in')}>
      <div className="ways-in">
        {search.has('back') && <Alert type="info" showIcon title={t('sign-in.first')} />}
        {search.has('invited') && <Alert type="success" showIcon role="status" title={t('invitation.done')} />}
        {refusedAt !== null && (
          <Alert
            type="error"
            showIcon
            role="alert"
            title={known(`refusal.${refusedAt}`, t('sign-in.university-refused'))}
            description={refusedAt}
          />
        )}
        <Refused refusal={refusal} />
        {ways.demonstration && <Roles begin={begin} busy={busy} />}
        <Card size="small" className="password-card" title={<h2>{t('sign-in.password-way')}</h2>}>
          <PasswordForm begin={begin} busy={busy} />
        </Card>
        {ways.oidc.length > 0 && <UniversityAccounts label={say} back={back} onRefusal={setRefusal} />}
      </div>
    </Page>
  );
}

function PasswordForm({ begin, busy }: { readonly begin: Begin; readonly busy: boolean }): ReactNode {
  const { t } = useWords();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void begin(() => write<Session>('POST', '/v1/sign-in', { login, password }));
  };
  return (
    <form onSubmit={submit}>
      <TextField label={t('sign-in.login')} value={login} onChange={setLogin} autoComplete="username" maxLength={64} />
      <TextField
        label={t('sign-in.password')}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        maxLength={256}
        password
      />
      <Button type="primary" htmlType="submit" loading={busy} disabled={login === '' || password === ''}>
        {t('sign-in')}
      </Button>
    </form>
  );
}
