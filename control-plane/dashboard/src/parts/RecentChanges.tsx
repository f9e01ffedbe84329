import { useQuery } from "@tanstack/react-query";
import { type AuditEntry, recentChangesQuery } from "../api/queries/audit";
import { homeWords } from "../text/en/home";
import { ago, exactTime } from "../text/format";
import { Load } from "./Load";
import { Line, Lines, Muted, Section } from "./PageHead";

const who = (entry: AuditEntry): string =>
  entry.actor_email ?? (entry.actor_kind === "system" ? homeWords.system : `${entry.actor_kind} ${entry.actor_id}`);

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
            <EntryLines label={homeWords.recent} entries={entries} />
          )
        }
      </Load>
    </Section>
  );
}

export function EntryLines({ label, entries }: { label: string; entries: readonly AuditEntry[] }) {
  return (
    <Lines label={label}>
      {entries.map((entry) => (
        <Line
          key={entry.id}
          end={
            <time dateTime={entry.at}>
              <Muted>{ago(entry.at)}</Muted>
            </time>
          }
        >
          <span>
            <code>{entry.action}</code> {entry.resource}
          </span>
          <Muted>
            {who(entry)} · {exactTime(entry.at)}
            {entry.comment && ` · ${entry.comment}`}
          </Muted>
        </Line>
      ))}
    </Lines>
  );
}
