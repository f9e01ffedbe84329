import { useQuery } from "@tanstack/react-query";
import { type AuditEntry, recentChangesQuery } from "../api/queries/audit";
import { auditDetails } from "../model/index";
import { homeWords } from "../text/en/home";
import { ago, exactTime } from "../text/format";
import { Disclosure } from "../ui/Disclosure";
import { AuditEntryDetails, EntrySentence } from "./AuditEntry";
import { Load } from "./Load";
import { Line, Lines, Muted, Section } from "./PageHead";
import { Sentence } from "./Sentence";

// The latest entries of the audit log that the person may see.
export function RecentChanges({ org, project }: { org: string; project?: string }) {
  const query = useQuery(recentChangesQuery(org, project));
  return (
    <Section title={homeWords.recent}>
      <Load query={query} rows={5}>
        {(entries) =>
          entries.length === 0 ? (
            <Muted>{homeWords.no_recent}</Muted>
          ) : (
            <EntryLines org={org} label={homeWords.recent} entries={entries} />
          )
        }
      </Load>
    </Section>
  );
}

interface EntryLinesProps {
  org: string;
  label: string;
  entries: readonly AuditEntry[];
  hasDetails?: boolean; // each opens, with what has changed and from where
}

export function EntryLines({ org, label, entries, hasDetails = false }: EntryLinesProps) {
  return (
    <Lines label={label}>
      {entries.map((entry) => (
        <Line
          key={entry.id}
          end={
            <time dateTime={entry.at} title={exactTime(entry.at)}>
              <Muted>{ago(entry.at)}</Muted>
            </time>
          }
        >
          <span>
            <EntrySentence org={org} entry={entry} />
          </span>
          <Muted>
            {exactTime(entry.at)}
            {entry.comment && ` · ${entry.comment}`}
          </Muted>
          {hasDetails &&
            auditDetails(entry as never).map((sentence, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences have nothing but their place
              <Sentence key={i} parts={sentence} />
            ))}
          {hasDetails && (
            <Disclosure title={homeWords.details}>
              <AuditEntryDetails org={org} entry={entry} />
            </Disclosure>
          )}
        </Line>
      ))}
    </Lines>
  );
}
