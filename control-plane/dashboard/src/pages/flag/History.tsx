import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "../../api/queries/audit";
import { flagAuditQuery } from "../../api/queries/flag";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { EntryLines } from "../../parts/RecentChanges";
import { flagWords } from "../../text/en/flag";
import { Button } from "../../ui/Button";
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
            <EntryLines org={org} label={flagWords.history} entries={entries} hasDetails />
            {query.hasNextPage && (
              <div>
                <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                  {flagWords.older}
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Load>
  );
}
