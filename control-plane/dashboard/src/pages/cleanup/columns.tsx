import type { Snooze } from "../../api/queries/lifecycle";
import { NameCell } from "../../parts/ListPage";
import { paths } from "../../paths";
import { cleanupWords } from "../../text/en/cleanup";
import { ago, day } from "../../text/format";
import type { Column } from "../../ui/VirtualTable";
import styles from "./Cleanup.module.css";
import type { Candidate, Finding } from "./candidates";

// In a sentence: what speaks for removing the flag, since when, and what stays in code.
export function findingText({ reason, since, keep }: Finding): string {
  const phrase = reason === "never" ? cleanupWords.created : cleanupWords.since;
  const said = phrase(cleanupWords.reasons[reason], ago(since));
  return keep === undefined ? said : `${said}; ${cleanupWords.keep(keep ?? cleanupWords.callers_default)}`;
}

export const reasonText = ({ findings }: Candidate): string => findings.map(findingText).join(" · ");

const snoozeText = ({ until, by, comment }: Snooze): string =>
  [cleanupWords.snoozed_until(day(until), by.email ?? by.id), comment].filter((text) => text !== "").join(" · ");

const belowText = (row: Candidate): string => (row.snoozed ? snoozeText(row.snoozed) : reasonText(row));

export function columnsOf(org: string, project: string, isNarrow: boolean, isSnoozed: boolean): Column<Candidate>[] {
  const flag: Column<Candidate> = {
    id: "flag",
    head: cleanupWords.flag,
    width: "minmax(140px, 1.2fr)",
    cell: (row, isActive) => (
      <NameCell
        to={paths.flag(org, project, row.key)}
        name={row.name}
        code={row.key}
        isActive={isActive}
        {...(isNarrow ? { below: belowText(row) } : {})}
      />
    ),
  };
  const reason: Column<Candidate> = {
    id: "reason",
    head: cleanupWords.reason,
    width: "minmax(160px, 2fr)",
    cell: (row) => <span className={styles.reason}>{reasonText(row)}</span>,
  };
  const snoozed: Column<Candidate> = {
    id: "snoozed",
    head: cleanupWords.snoozed,
    width: "minmax(160px, 1.5fr)",
    cell: (row) => row.snoozed && <span className={styles.reason}>{snoozeText(row.snoozed)}</span>,
  };
  if (isNarrow) return [flag];
  return [
    flag,
    reason,
    ...(isSnoozed ? [snoozed] : []),
    { id: "owner", head: cleanupWords.owner, width: "minmax(80px, 0.7fr)", cell: ({ owner }) => owner },
    { id: "lifetime", head: cleanupWords.lifetime, width: "104px", cell: ({ lifetime }) => lifetime ?? "" },
    {
      id: "asked",
      head: cleanupWords.asked,
      width: "104px",
      isEnd: true,
      cell: ({ askedAt }) => (askedAt === undefined ? cleanupWords.never : ago(askedAt)),
    },
  ];
}
