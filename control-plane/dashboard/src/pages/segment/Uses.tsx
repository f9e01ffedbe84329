import { useQuery } from "@tanstack/react-query";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import { type Use, usesQuery } from "../../api/queries/segments";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { Quoted } from "../../parts/Quoted";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { SegmentFrame } from "./SegmentFrame";

export default function Uses() {
  const { org, project, segment } = useKeys();
  const query = useQuery(usesQuery({ org, project, segment }));
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  return (
    <SegmentFrame current="uses">
      <Load query={query}>
        {({ items, has_more }) =>
          items.length === 0 ? (
            <Empty title={segmentWords.uses_none} detail={segmentWords.uses_none_detail} />
          ) : (
            <div>
              <Muted>
                {segmentWords.uses_detail} {has_more && segmentWords.uses_more}
              </Muted>
              <DataTable
                label={segmentWords.uses}
                rows={protectedFirst(items, environments)}
                idOf={(use) => `${use.kind} ${use.key} ${use.environment} ${use.pointer}`}
                columns={columnsOf(org, project, environments)}
              />
            </div>
          )
        }
      </Load>
    </SegmentFrame>
  );
}

const isProtected = (use: Use, environments: readonly Environment[]): boolean =>
  environments.some((env) => env.key === use.environment && env.protected);

const protectedFirst = (uses: readonly Use[], environments: readonly Environment[]): Use[] =>
  [...uses].sort((a, b) => Number(isProtected(b, environments)) - Number(isProtected(a, environments)));

function columnsOf(org: string, project: string, environments: readonly Environment[]): DataColumn<Use>[] {
  const nameOf = (env: string): string => environments.find(({ key }) => key === env)?.name || env;
  return [
    {
      id: "what",
      head: segmentWords.use_what,
      cell: (use) => (
        <>
          {segmentWords.use_kind[use.kind]}{" "}
          <Link
            to={
              use.kind === "flag"
                ? paths.editor(org, project, use.key, use.environment, "?step=rules")
                : paths.segment(org, project, use.key, use.environment)
            }
          >
            <code>{use.key}</code>
          </Link>{" "}
          {use.archived && <Status kind="archived" />}
        </>
      ),
    },
    {
      id: "where",
      head: segmentWords.use_where,
      cell: (use) =>
        isProtected(use, environments) ? (
          <Status kind="protected" text={nameOf(use.environment)} />
        ) : (
          nameOf(use.environment)
        ),
    },
    {
      id: "breaks",
      head: segmentWords.use_breaks,
      cell: (use) => <Quoted text={segmentWords.uses_breaks(use.place)} />,
    },
  ];
}
