import { AuditEntryDetails, EntrySentence } from "../../parts/AuditEntry";
import { Muted } from "../../parts/PageHead";
import { auditWords } from "../../text/en/audit";
import { ago, clock, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import styles from "./Audit.module.css";
import { type Change, isRevertible } from "./groups";

interface ChangeRowProps {
  org: string;
  change: Change;
  isOpen: boolean;
  isActive: boolean;
  onToggle: () => void;
  onActive: () => void;
  onRevert: ((entry: Change["entries"][number]) => void) | undefined;
}

const most = 30; // entries that are drawn of one change

// One change: its entries were made together, or not at all.
export function ChangeRow({ org, change, isOpen, isActive, onToggle, onActive, onRevert }: ChangeRowProps) {
  const [first, ...others] = change.entries;
  if (first === undefined) return null;
  return (
    <li className={styles.change} data-active={isActive || undefined} data-change={change.id}>
      <div className={styles.row}>
        <time dateTime={first.at} className={styles.time} title={exactTime(first.at)}>
          {clock(Date.parse(first.at))}
        </time>
        <div className={styles.words}>
          <span>
            <EntrySentence org={org} entry={first} />
            {others.length > 0 && <Muted> {auditWords.and_more(others.length)}</Muted>}
          </span>
          <Muted>
            <code>{first.action}</code> · {ago(first.at)}
            {first.comment && ` · ${first.comment}`}
          </Muted>
        </div>
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-label={isOpen ? auditWords.close : auditWords.open}
          onClick={onToggle}
          onFocus={onActive}
        >
          <Icon name={isOpen ? "down" : "forward"} />
        </button>
      </div>
      {isOpen &&
        change.entries.slice(0, most).map((entry) => (
          <section key={entry.id} className={styles.entry} aria-label={entry.resource}>
            {others.length > 0 && (
              <h3>
                <EntrySentence org={org} entry={entry} />
              </h3>
            )}
            <AuditEntryDetails org={org} entry={entry} />
            {onRevert && isRevertible(entry) && (
              <div>
                <Button icon="history" keys={entry === first ? "u" : undefined} onPress={() => onRevert(entry)}>
                  {auditWords.revert}
                </Button>
              </div>
            )}
          </section>
        ))}
      {isOpen && change.entries.length > most && <Muted>{auditWords.and_more(change.entries.length - most)}</Muted>}
    </li>
  );
}
