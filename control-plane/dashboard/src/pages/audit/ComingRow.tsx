import { useState } from "react";
import { AuditEntryDetails, EntrySentence } from "../../parts/AuditEntry";
import { auditWords } from "../../text/en/audit";
import { clock, exactTime } from "../../text/format";
import { Icon } from "../../ui/Icon";
import styles from "./Audit.module.css";
import type { Change } from "./groups";

interface ComingRowProps {
  org: string;
  change: Change;
  open: string | undefined; // the entry that the address names
}

// People who came and went: one line, however many, and each of them a press away.
export function ComingRow({ org, change, open }: ComingRowProps) {
  const [isOpen, setOpen] = useState(open !== undefined);
  const last = change.entries.at(-1);
  if (last === undefined) return null;
  return (
    <li className={styles.change}>
      <div className={styles.row}>
        <time dateTime={last.at} className={styles.time} title={exactTime(last.at)}>
          {clock(Date.parse(last.at))}
        </time>
        <span className={styles.coming}>{auditWords.coming(change.entries.length)}</span>
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-label={isOpen ? auditWords.hide_coming : auditWords.show_coming}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "down" : "forward"} />
        </button>
      </div>
      {isOpen &&
        change.entries.toReversed().map((entry) => (
          <section key={entry.id} className={styles.entry} aria-label={entry.id}>
            <h3>
              <time dateTime={entry.at}>{clock(Date.parse(entry.at))}</time> <EntrySentence org={org} entry={entry} />
            </h3>
            {entry.id === open && <AuditEntryDetails org={org} entry={entry} />}
          </section>
        ))}
    </li>
  );
}
