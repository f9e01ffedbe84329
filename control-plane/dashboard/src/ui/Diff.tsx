import type { ReactNode } from "react";
import styles from "./Diff.module.css";

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

// What is offered at a line, and what stands below it.
export type AtLine = (line: DiffLine) => { action?: ReactNode; below?: ReactNode };

const marks = { same: " ", added: "+", removed: "-" };

// Lines of text, before and after. What is added or removed has a mark as well as a colour.
export function Diff({ label, lines, atLine }: { label: string; lines: readonly DiffLine[]; atLine?: AtLine }) {
  return (
    <figure aria-label={label} className={styles.diff}>
      {lines.map((line, i) => {
        const extra = atLine?.(line);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing but their place
          <div key={i}>
            <div className={`${styles.line} ${styles[line.kind]}`}>
              <span className={styles.mark}>{marks[line.kind]}</span>
              <Text line={line} />
              {extra?.action && <span className={styles.action}>{extra.action}</span>}
            </div>
            {extra?.below && <div className={styles.below}>{extra.below}</div>}
          </div>
        );
      })}
    </figure>
  );
}

function Text({ line: { kind, text } }: { line: DiffLine }) {
  if (kind === "added") return <ins>{text}</ins>;
  return kind === "removed" ? <del>{text}</del> : <span>{text}</span>;
}
