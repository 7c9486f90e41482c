import { Alert, Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { useWords } from '../language.js';

/** A fault of the console itself: said, not a white page. */
export class Broken extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Said /> : this.props.children;
  }
}

function Said(): ReactNode {
  const { t } = useWords();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('broken')}
      description={t('broken.do')}
      action={<Button onClick={() => location.reload()}>{t('broken.reload')}</Button>}
    />
  );
}
