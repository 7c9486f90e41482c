import { Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../language.js';
import { useRead } from '../reading.js';
import { Labelled } from './field.js';

interface Properties<T> {
  readonly label: string;
  readonly hint?: string;
  /** Where to look for what was typed. */
  readonly path: (typed: string) => string;
  readonly option: (item: T) => { readonly value: string; readonly label: string };
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

const pauseMs = 250;

/** A choice of what the server finds by a part of a name. */
export function SearchField<T>({ label, hint, path, option, value, onChange }: Properties<T>): ReactNode {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string }>();
  useEffect(() => {
    const pause = setTimeout(() => setAsked(typed.trim()), pauseMs);
    return () => clearTimeout(pause);
  }, [typed]);
  const { data } = useRead<{ items: readonly T[] }>(asked === '' ? undefined : path(asked));
  const found = (data?.items ?? []).map(option);
  const known = chosen !== undefined && !found.some((one) => one.value === chosen.value) ? [chosen, ...found] : found;
  return (
    <Labelled label={label} hint={hint} required>
      {(control) => (
        <Select
          {...control}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          value={value ?? null}
          placeholder={t('search-field.type')}
          notFoundContent={asked === '' ? t('search-field.type') : t('search-field.none')}
          onChange={(next: string | null) => {
            setChosen(known.find((one) => one.value === next));
            onChange(next ?? undefined);
          }}
          options={known}
        />
      )}
    </Labelled>
  );
}
