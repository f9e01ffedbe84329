import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { AuditEntry } from "../../api/queries/audit";
import { Muted } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useMay } from "../../parts/session";
import { auditWords } from "../../text/en/audit";
import { timeZone } from "../../text/format";
import { Button } from "../../ui/Button";
import { Empty, Loading, NothingFound } from "../../ui/States";
import styles from "./Audit.module.css";
import { ChangeRow } from "./ChangeRow";
import { ComingRow } from "./ComingRow";
import { type AuditSearch, activeConditions, type Condition, dateIn } from "./filter";
import { byDay, type Change } from "./groups";

interface TimelineProps {
  org: string;
  list: UseInfiniteQueryResult<unknown>;
  changes: readonly Change[];
  search: AuditSearch;
  active: number;
  onActive: (index: number) => void;
  onOpen: (entry: string | undefined) => void;
  onRevert: (entry: AuditEntry) => void;
  onRemove: (condition: Condition) => void;
}

// The changes, newest first, under their days.
export function Timeline(props: TimelineProps) {
  const { org, list, changes, search, active, onActive, onOpen, onRevert, onRemove } = props;
  const may = useMay();
  if (list.isError && changes.length === 0) return <Problem error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Loading rows={10} />;
  const conditions = activeConditions(search);
  if (changes.length === 0 && conditions.length > 0) {
    const nameOf = (condition: Condition) => `${condition}:${search[condition]}`;
    return (
      <NothingFound
        filters={conditions.map(nameOf)}
        onRemove={(name) => {
          const found = conditions.find((condition) => nameOf(condition) === name);
          if (found) onRemove(found);
        }}
      />
    );
  }
  if (changes.length === 0) {
    const curl = `curl -H "Authorization: Bearer $TOKEN" "$URL/api/v1/orgs/${org}/audit"`;
    return <Empty title={auditWords.empty} detail={auditWords.empty_detail} curl={curl} />;
  }
  const projectOf = (change: Change) => /^projects\/([^/]+)/.exec(change.entries[0]?.resource ?? "")?.[1];
  return (
    <>
      {byDay(changes, (at) => dateIn(at, timeZone())).map(([date, ofDay]) => (
        <section key={date} aria-label={auditWords.day(date)} className={styles.ofDay}>
          <h2 className={styles.date}>{date}</h2>
          <ol className={styles.changes}>
            {ofDay.map((change) => {
              const isOpen = change.entries.some((entry) => entry.id === search.entry);
              if (change.isComing)
                return <ComingRow key={change.id} org={org} change={change} open={isOpen ? search.entry : undefined} />;
              return (
                <ChangeRow
                  key={change.id}
                  org={org}
                  change={change}
                  isOpen={isOpen}
                  isActive={changes[active] === change}
                  onToggle={() => onOpen(isOpen ? undefined : change.entries[0]?.id)}
                  onActive={() => onActive(changes.indexOf(change))}
                  onRevert={may("edit", org, projectOf(change)) ? onRevert : undefined}
                />
              );
            })}
          </ol>
        </section>
      ))}
      {list.hasNextPage ? (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {auditWords.load_more}
        </Button>
      ) : (
        <Muted>{auditWords.all_loaded}</Muted>
      )}
    </>
  );
}
