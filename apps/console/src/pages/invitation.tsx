import { Alert, Button, Card } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { type Refusal, write } from '../api.js';
import { useWords } from '../language.js';
import { TextField } from '../parts/field.js';
import { Page } from '../parts/page.js';
import { Refused } from '../parts/refused.js';
import { UniversityAccounts } from '../parts/university-accounts.js';
import { asRefusal } from '../reading.js';
import { useSession } from '../session.js';

const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** Whoever was invited chooses how to sign in. The token stands in the fragment, which no server and no log ever sees. */
export function Invitation(): ReactNode {
  const { t, say } = useWords();
  const { ways } = useSession();
  const invitation = useLocation().hash.slice(1);
  const [refusal, setRefusal] = useState<Refusal>();
  return (
    <Page title={t('invitation')} below={t('invitation.what')}>
      {isToken(invitation) ? (
        <div className="ways-in">
          <Refused refusal={refusal} />
          <Card size="small" className="password-card" title={<h2>{t('invitation.password-way')}</h2>}>
            <PasswordForm invitation={invitation} onRefusal={setRefusal} />
          </Card>
          {ways.oidc.length > 0 && (
            <Card size="small" className="password-card" title={<h2>{t('invitation.university-way')}</h2>}>
              <UniversityAccounts
                invitation={invitation}
                label={(title) => t('invitation.link', { title: say(title) })}
                onRefusal={setRefusal}
              />
            </Card>
          )}
        </div>
      ) : (
        <Alert type="error" showIcon role="alert" title={t('invitation.broken')} />
      )}
    </Page>
  );
}

interface FormProperties {
  readonly invitation: string;
  readonly onRefusal: (refusal: Refusal | undefined) => void;
}

function PasswordForm({ invitation, onRefusal }: FormProperties): ReactNode {
  const { t } = useWords();
  const navigate = useNavigate();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    onRefusal(undefined);
    try {
      await write('POST', '/v1/sign-in/password', { invitation, login, password });
      await navigate('/sign-in?invited', { replace: true });
    } catch (failure) {
      onRefusal(asRefusal(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextField
        label={t('sign-in.login')}
        hint={t('invitation.login-hint')}
        value={login}
        onChange={setLogin}
        autoComplete="username"
        maxLength={64}
      />
      <TextField
        label={t('sign-in.password')}
        hint={t('invitation.password-hint')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        maxLength={256}
        password
      />
      <Button type="primary" htmlType="submit" loading={busy} disabled={login === '' || password === ''}>
        {t('invitation.set')}
      </Button>
    </form>
  );
}
