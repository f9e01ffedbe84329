import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import styles from "./CodeField.module.css";
import type { CodeHandle } from "./code/editor";
import { code } from "./later";

// Offsets count UTF-16 units.
export interface Mark {
  from: number;
  to: number;
  text: string;
}

export interface CodeCompletions {
  from: number;
  items: readonly { label: string; detail?: string; apply?: string; kind?: string }[];
}

export interface CodeOptions {
  label: string;
  language: "rule" | "json";
  onChange: (text: string) => void;
  onCursor?: (offset: number) => void;
  onBlur?: () => void;
  complete?: (text: string, offset: number, isAsked: boolean) => Promise<CodeCompletions | undefined>;
  placeholder?: string;
  isReadOnly?: boolean;
  hasGutter?: boolean;
}

interface CodeFieldProps extends CodeOptions {
  value: string;
  marks?: readonly Mark[];
  error?: string | undefined;
  autoFocus?: boolean;
  isLabelHidden?: boolean;
  selection?: { from: number; to: number } | undefined;
}

// Letters typed here are no shortcuts of the page, which sees only the shadow root's host.
function keepLetters(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && event.key !== "Escape" && event.key !== "Tab") {
    event.nativeEvent.stopPropagation();
  }
}

// A text with colours, marks and completion. Its code is loaded when the first one is shown; the text is there before.
export function CodeField(props: CodeFieldProps) {
  const { label, value, marks, error, autoFocus, isLabelHidden, selection, isReadOnly = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [handle, setHandle] = useState<CodeHandle>();

  useEffect(() => {
    let opened: CodeHandle | undefined;
    let isGone = false;
    void code(() => import("./code/editor")).then(({ openEditor }) => {
      if (isGone || !host.current) return;
      const given = latest.current;
      const complete: CodeOptions["complete"] = async (...asked) => latest.current.complete?.(...asked);
      opened = openEditor(host.current, given.value, {
        label: given.label,
        language: given.language,
        onChange: (text) => latest.current.onChange(text),
        onCursor: (offset) => latest.current.onCursor?.(offset),
        onBlur: () => latest.current.onBlur?.(),
        ...(given.complete ? { complete } : {}),
        ...(given.placeholder ? { placeholder: given.placeholder } : {}),
        ...(given.hasGutter ? { hasGutter: true } : {}),
        isReadOnly: given.isReadOnly ?? false,
      });
      if (given.autoFocus) opened.focus();
      setHandle(opened);
    });
    return () => {
      isGone = true;
      opened?.close();
    };
  }, []);

  useEffect(() => handle?.setValue(value), [handle, value]);
  useEffect(() => handle?.setMarks(marks ?? []), [handle, marks]);
  useEffect(() => handle?.setReadOnly(isReadOnly), [handle, isReadOnly]);
  useEffect(() => {
    if (handle && autoFocus) handle.focus();
  }, [handle, autoFocus]);
  useEffect(() => {
    if (handle && selection) handle.select(selection.from, selection.to);
  }, [handle, selection]);

  return (
    <div className={styles.field}>
      <span className={isLabelHidden ? "visually-hidden" : styles.label}>{label}</span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the editor inside has the role */}
      <div ref={host} className={styles.host} onKeyDown={keepLetters} />
      {!handle && <div className={styles.waiting}>{value || props.placeholder}</div>}
      {error && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}
