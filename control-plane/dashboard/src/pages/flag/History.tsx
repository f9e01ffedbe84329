import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../api/queries/audit";
import { flagAuditQuery } from "../../api/queries/flag";
import { auditDetails, auditSentence, configLines, diffLines, type FlagConfig } from "../../model/index";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { Sentence } from "../../parts/Sentence";
import { flagWords } from "../../text/en/flag";
import { ago, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Diff } from "../../ui/Diff";
import { FlagFrame } from "./FlagFrame";

// Of the flag, or of its configuration in one environment where the address names it.
export default function History() {
  return <FlagFrame section="history">{() => <Entries />}</FlagFrame>;
}

function Entries() {
  const { org, project, flag, env } = useKeys();
  const query = useInfiniteQuery(flagAuditQuery({ org, project }, flag, env || undefined));
  return (
    <Load query={query as never}>
      {(data: { pages: { entries: AuditEntry[] }[] }) => {
        const entries = data.pages.flatMap((page) => page.entries);
        if (entries.length === 0) return <Muted>{flagWords.no_history}</Muted>;
        return (
          <>
            <Lines label={flagWords.history}>
              {entries.map((entry) => (
                <Line key={entry.id} end={<Muted>{ago(entry.at)}</Muted>}>
                  <Entry entry={entry} />
                </Line>
              ))}
            </Lines>
            {query.hasNextPage && (
              <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                {flagWords.older}
              </Button>
            )}
          </>
        );
      }}
    </Load>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const given = entry as never;
  const details = auditDetails(given);
  const { before, after } = entry as unknown as { before: FlagConfig; after: FlagConfig };
  return (
    <>
      <span>
        <Sentence parts={auditSentence(given)} />
      </span>
      {details.map((sentence, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have nothing but their place
        <span key={i}>
          <Sentence parts={sentence} />
        </span>
      ))}
      <Muted>
        <time dateTime={entry.at}>{exactTime(entry.at)}</time>
        {entry.comment && ` · ${entry.comment}`}
      </Muted>
      {details.length > 0 && (
        <details>
          <summary>{flagWords.difference}</summary>
          <Diff label={flagWords.difference} lines={diffLines(configLines(before), configLines(after))} />
        </details>
      )}
    </>
  );
}
