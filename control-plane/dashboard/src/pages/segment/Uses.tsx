import { useQuery } from "@tanstack/react-query";
import { type Use, usesQuery } from "../../api/queries/segments";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { SegmentFrame } from "./SegmentFrame";

export default function Uses() {
  const { org, project, segment } = useKeys();
  const query = useQuery(usesQuery({ org, project, segment }));
  return (
    <SegmentFrame current="uses">
      <Load query={query}>
        {({ items, has_more }) =>
          items.length === 0 ? (
            <Empty title={segmentWords.uses_none} detail={segmentWords.uses_none_detail} />
          ) : (
            <>
              <Muted>
                {segmentWords.uses_detail} {has_more && segmentWords.uses_more}
              </Muted>
              <DataTable
                label={segmentWords.uses}
                rows={items}
                idOf={(use) => `${use.kind} ${use.key} ${use.environment} ${use.pointer}`}
                columns={columnsOf(org, project)}
              />
            </>
          )
        }
      </Load>
    </SegmentFrame>
  );
}

const columnsOf = (org: string, project: string): DataColumn<Use>[] => [
  {
    id: "what",
    head: segmentWords.use_what,
    cell: (use) => (
      <>
        {segmentWords.use_kind[use.kind]}{" "}
        <Link to={use.kind === "flag" ? paths.flag(org, project, use.key) : paths.segment(org, project, use.key)}>
          {use.key}
        </Link>{" "}
        {use.archived && <Status kind="archived" />}
      </>
    ),
  },
  { id: "where", head: segmentWords.use_where, cell: (use) => use.environment },
  { id: "breaks", head: segmentWords.use_breaks, cell: (use) => segmentWords.uses_breaks(use.place) },
];
