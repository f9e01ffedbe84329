import { Link } from "../../parts/Link";
import { paths } from "../../paths";
import { cleanupWords } from "../../text/en/cleanup";
import { ago } from "../../text/format";
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

export function columnsOf(org: string, project: string, isNarrow: boolean): Column<Candidate>[] {
  const flag: Column<Candidate> = {
    id: "flag",
    head: cleanupWords.flag,
    width: "minmax(140px, 1.2fr)",
    cell: ({ key, name }, isActive) => (
      <span className={styles.name}>
        <Link to={paths.flag(org, project, key)} isInTabOrder={isActive} className={styles.link}>
          {name || key}
        </Link>
        <code>{key}</code>
      </span>
    ),
  };
  const reason: Column<Candidate> = {
    id: "reason",
    head: cleanupWords.reason,
    width: "minmax(160px, 2fr)",
    cell: (row) => <span className={styles.reason}>{reasonText(row)}</span>,
  };
  if (isNarrow) return [flag, reason];
  return [
    flag,
    reason,
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
