import { changeWords } from "../text/en/changes";
import styles from "./Changes.module.css";

interface Warning {
  item?: string;
  pointer: string;
  code: string;
  detail: string;
}

// Findings of the checks on what would be there; that approvals are needed is said elsewhere.
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const shown = warnings.filter((warning) => warning.code !== "approval_required");
  if (shown.length === 0) return null;
  return (
    <section aria-label={changeWords.warnings} className={styles.group}>
      <h3>{changeWords.warnings}</h3>
      <ul className={styles.list}>
        {shown.map((warning) => (
          <li key={`${warning.item} ${warning.pointer} ${warning.code} ${warning.detail}`}>
            {warning.item && <code>{warning.item} </code>}
            {warning.detail}
          </li>
        ))}
      </ul>
    </section>
  );
}
