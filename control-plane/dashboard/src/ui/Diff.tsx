import styles from "./Diff.module.css";

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

const marks = { same: " ", added: "+", removed: "-" };

// Lines of text, before and after. What is added or removed has a mark as well as a colour.
export function Diff({ label, lines }: { label: string; lines: readonly DiffLine[] }) {
  return (
    <figure aria-label={label} className={styles.diff}>
      {lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing but their place
        <div key={i} className={`${styles.line} ${styles[line.kind]}`}>
          <span className={styles.mark}>{marks[line.kind]}</span>
          {line.kind === "added" ? (
            <ins>{line.text}</ins>
          ) : line.kind === "removed" ? (
            <del>{line.text}</del>
          ) : (
            line.text
          )}
        </div>
      ))}
    </figure>
  );
}
