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
  onFlush: (flush: () => Promise<boolean>) => () => void; // whoever reviews asks for what is being typed
}

export function ConditionText({ label, text, known, isReadOnly, autoFocus, onFlush }: ConditionTextProps) {
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
      complete={(typed, offset) => Promise.resolve(completeRule(typed, offset, known))}
    />
  );
}
