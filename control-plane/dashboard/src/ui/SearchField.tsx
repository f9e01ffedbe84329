import { type KeyboardEvent, type Ref, useEffect, useState } from "react";
import styles from "./SearchField.module.css";

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  onEnter?: () => void;
  placeholder?: string;
  ref?: Ref<HTMLInputElement>;
}

// Text that filters what is below it. Escape empties it, then leaves it.
export function SearchField({ label, value, onChange, onEnter, placeholder, ref }: SearchFieldProps) {
  const [text, setText] = useState(value); // what is typed is there before the address follows
  useEffect(() => setText(value), [value]);
  const change = (next: string) => {
    setText(next);
    onChange(next);
  };
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") onEnter?.();
    else if (event.key === "Escape") text === "" ? event.currentTarget.blur() : change("");
  };
  return (
    <input
      ref={ref}
      type="search"
      className={styles.search}
      aria-label={label}
      placeholder={placeholder ?? label}
      value={text}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => change(event.target.value)}
      onKeyDown={keyDown}
    />
  );
}
