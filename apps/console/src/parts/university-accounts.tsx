import { Button } from 'antd';
import type { ReactNode } from 'react';
import { type Refusal, type Text, write } from '../api.js';
import { asRefusal } from '../reading.js';
import { useSession } from '../session.js';
import { keepWayBack } from '../way-back.js';

interface Properties {
  /** Links the account that comes back to the person who was invited. */
  readonly invitation?: string;
  /** Where they were, and shall be again once they are signed in. */
  readonly back?: string | null;
  readonly label: (title: Text) => string;
  readonly onRefusal: (refusal: Refusal) => void;
}

/** Goes to a university to sign in there. */
export function UniversityAccounts({ invitation, back = null, label, onRefusal }: Properties): ReactNode {
  const { ways } = useSession();
  const go = async (provider: string): Promise<void> => {
    const asked = { provider, ...(invitation === undefined ? {} : { invitation }) };
    try {
      const start = await write<{ location: string }>('POST', '/v1/sign-in/oidc/start', asked);
      keepWayBack(back);
      location.assign(start.location);
    } catch (failure) {
      onRefusal(asRefusal(failure));
    }
  };
  return (
    <div className="buttons">
      {ways.oidc.map(({ provider, title }) => (
        <Button key={provider} onClick={() => void go(provider)}>
          {label(title)}
        </Button>
      ))}
    </div>
  );
}
