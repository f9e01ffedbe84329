import { type KeyboardEvent, type ReactNode, useState } from "react";
import { Button as AriaButton, Label, Tag, TagGroup, TagList } from "react-aria-components";
import { words } from "../text/en";
import field from "./Field.module.css";
import { Icon } from "./Icon";
import styles from "./Tokens.module.css";

interface TokensProps {
  label: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  isCode?: boolean;
  placeholder?: string;
  error?: string | undefined;
  hint?: ReactNode;
  isReadOnly?: boolean;
  isLabelHidden?: boolean;
  marks?: ReadonlyMap<string, string>; // values that something is wrong with, and what
}

// Pasted text: one value a line, or separated by commas or tabs.
export const splitValues = (text: string): string[] =>
  text
    .split(/[\n\r\t,]+/)
    .map((value) => value.trim())
    .filter((value) => value !== "");

// A short list of values. Enter or a comma ends one, Backspace takes back the last.
export function Tokens(props: TokensProps) {
  const { label, values, onChange, isCode, placeholder, error, hint, isReadOnly = false, isLabelHidden, marks } = props;
  const [typed, setTyped] = useState("");
  const add = (text: string) => {
    const added = splitValues(text).filter((value) => !values.includes(value));
    if (added.length > 0) onChange([...values, ...new Set(added)]);
    setTyped("");
  };
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && typed.trim() !== "") {
      event.preventDefault();
      add(typed);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  return (
    <div className={field.field}>
      <TagGroup className={field.field ?? ""} onRemove={(keys) => onChange(values.filter((value) => !keys.has(value)))}>
        <Label className={isLabelHidden ? "visually-hidden" : field.label}>{label}</Label>
        <div className={styles.box}>
          <TagList className={styles.list ?? ""}>
            {values.map((value) => token(value, isCode ?? false, isReadOnly, marks?.get(value)))}
          </TagList>
          {!isReadOnly && (
            <input
              aria-label={label}
              className={`${styles.input} ${isCode ? field.code : ""}`}
              value={typed}
              placeholder={placeholder}
              onChange={(event) =>
                event.target.value.includes(",") ? add(event.target.value) : setTyped(event.target.value)
              }
              onKeyDown={keyDown}
              onBlur={() => add(typed)}
              onPaste={(event) => {
                event.preventDefault();
                add(event.clipboardData.getData("text"));
              }}
            />
          )}
        </div>
      </TagGroup>
      {hint && <div className={field.hint}>{hint}</div>}
      {error && <div className={field.error}>{error}</div>}
    </div>
  );
}

function token(value: string, isCode: boolean, isReadOnly: boolean, mark: string | undefined) {
  return (
    <Tag
      key={value}
      id={value}
      textValue={mark ? `${value}, ${mark}` : value}
      className={`${styles.token} ${isCode ? styles.code : ""} ${mark ? styles.marked : ""}`}
    >
      {mark && <Icon name="warning" />}
      {value}
      {mark && <span className="visually-hidden">, {mark}</span>}
      {!isReadOnly && (
        <AriaButton slot="remove" className={styles.remove ?? ""} aria-label={words.remove_named(value)}>
          <Icon name="close" />
        </AriaButton>
      )}
    </Tag>
  );
}
