import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import type { NamedText } from '../shapes.adopting.js';

interface Properties {
  readonly label: string;
  readonly accept: string;
  readonly multiple?: true;
  readonly onRead: (files: readonly NamedText[]) => void;
}

/** Reads files of text that the reader chooses; they stay here. */
export function ReadFiles({ label, accept, multiple, onRead }: Properties): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const take = async (files: readonly File[]): Promise<void> => {
    onRead(await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))));
    // The same file may be read again once it was changed.
    if (input.current !== null) input.current.value = '';
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        className="unseen"
        aria-label={label}
        accept={accept}
        multiple={multiple}
        tabIndex={-1}
        onChange={({ target }) => void take([...(target.files ?? [])])}
      />
      <Button onClick={() => input.current?.click()}>{label}</Button>
    </>
  );
}
