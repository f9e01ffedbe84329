import { words } from "../text/en";
import { Pennant, type StatusKind } from "./Pennant";
import styles from "./Status.module.css";

export type { StatusKind } from "./Pennant";

interface StatusProps {
  kind: StatusKind;
  percent?: number; // of `partial`
  text?: string; // instead of the word
  isShort?: boolean; // the number of `partial` without the word
  isGlyphOnly?: boolean; // where a column's head or a label beside it says the rest; the word stays for screen readers
}

// What something is: glyph and word, and the colour third.
export function Status({ kind, percent, text, isShort = false, isGlyphOnly = false }: StatusProps) {
  const number = kind === "partial" && percent !== undefined ? ` ${Math.round(percent)} %` : "";
  const word = text ?? words.status[kind];
  return (
    <span className={`${styles.status} ${styles[kind]}`}>
      <Pennant kind={kind} percent={percent ?? 50} />
      <span className={isGlyphOnly || (isShort && number !== "") ? "visually-hidden" : ""}>
        {word}
        {isGlyphOnly && number}
      </span>
      {number && <span className={styles.number}>{number}</span>}
    </span>
  );
}
