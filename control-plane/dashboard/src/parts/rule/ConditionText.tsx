import { useEffect } from "react";
import { editorWords } from "../../text/en/editor";
import { CodeField } from "../../ui/CodeField";
import { completeRule, type Known } from "./completion";
import type { ConditionText as Text } from "./use_condition_text";

interface ConditionTextProps {
  label: string;
  text: Text;
  known: Known;
  isReadOnly: boolean;
  autoFocus: boolean;
  selection?: { from: number; to: number } | undefined;
  onCursor?: (offset: number) => void;
  onFlush: (flush: () => Promise<boolean>) => () => void; // whoever reviews asks for what is being typed
}

export function ConditionText(props: ConditionTextProps) {
  const { label, text, known, isReadOnly, autoFocus, onFlush, selection, onCursor } = props;
  const { flush } = text;
  useEffect(() => onFlush(flush), [onFlush, flush]);
  return (
    <CodeField
      label={label}
      language="rule"
      value={text.text}
      onChange={text.type}
      onBlur={text.tidy}
      marks={text.marks}
      error={text.mistake}
      placeholder={editorWords.condition_hint}
      isReadOnly={isReadOnly}
      autoFocus={autoFocus}
      selection={selection}
      {...(onCursor ? { onCursor } : {})}
      complete={(typed, offset) => Promise.resolve(completeRule(typed, offset, known))}
    />
  );
}
