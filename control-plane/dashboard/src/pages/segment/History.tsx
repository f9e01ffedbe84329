import { useQuery } from "@tanstack/react-query";
import { segmentHistoryQuery } from "../../api/queries/audit";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { EntryLines } from "../../parts/RecentChanges";
import { segmentWords } from "../../text/en/segments";
import { SegmentFrame } from "./SegmentFrame";

export default function History() {
  const { org, project, segment } = useKeys();
  const query = useQuery(segmentHistoryQuery({ org, project, segment }));
  return (
    <SegmentFrame current="history">
      <Load query={query}>
        {(entries) =>
          entries.length === 0 ? (
            <Muted>{segmentWords.history_none}</Muted>
          ) : (
            <EntryLines org={org} label={segmentWords.history} entries={entries} hasDetails />
          )
        }
      </Load>
    </SegmentFrame>
  );
}
