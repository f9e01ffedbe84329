import { useQuery } from "@tanstack/react-query";
import { segmentHistoryQuery } from "../../api/queries/audit";
import { EntrySentence } from "../../parts/AuditEntry";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { ago, exactTime } from "../../text/format";
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
            <Lines label={segmentWords.history}>
              {entries.map((entry) => (
                <Line
                  key={entry.id}
                  end={
                    <Link to={paths.audit(org, `?resource=projects/${project}/segments/${segment}&entry=${entry.id}`)}>
                      {segmentWords.history_entry}
                    </Link>
                  }
                >
                  <EntrySentence org={org} entry={entry} />
                  <Muted>
                    <time dateTime={entry.at} title={exactTime(entry.at)}>
                      {ago(entry.at)}
                    </time>
                    {entry.comment && ` · ${entry.comment}`}
                  </Muted>
                </Line>
              ))}
            </Lines>
          )
        }
      </Load>
    </SegmentFrame>
  );
}
