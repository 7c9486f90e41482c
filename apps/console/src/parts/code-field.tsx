import { Input } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import type { ReactNode, RefObject } from 'react';
import { Labelled } from './field.js';

interface Properties {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly field: RefObject<TextAreaRef | null>;
}

/** A text that a machine reads: in lines as they were written. */
export function CodeField({ label, hint, value, onChange, field }: Properties): ReactNode {
  return (
    <Labelled label={label} hint={hint} required>
      {(control) => (
        <Input.TextArea
          {...control}
          ref={field}
          className="code"
          value={value}
          rows={20}
          wrap="off"
          spellCheck={false}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Labelled>
  );
}

/** Goes to a line of a text field, from 1, and selects it. */
export function showLine(field: TextAreaRef | null, line: number): void {
  const area = field?.resizableTextArea?.textArea;
  if (area === undefined) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 4);
}
