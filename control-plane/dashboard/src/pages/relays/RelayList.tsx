import { useQuery } from "@tanstack/react-query";
import { deliveriesQuery, relaysQuery } from "../../api/queries/relays";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { RelayName } from "../../parts/RelayName";
import { statusOf } from "../../parts/relay_standing";
import { relayWords } from "../../text/en/relays";
import { ago, count, exactTime } from "../../text/format";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { drops, linesOf, type RelayLine, total } from "./sum";

export default function RelayList() {
  const { org } = useKeys();
  const reports = useQuery(relaysQuery(org));
  const deliveries = useQuery(deliveriesQuery(org)).data;
  return (
    <>
      <PageHead title={relayWords.title} detail={relayWords.detail} />
      <PageBody>
        <Load query={reports}>
          {(list) =>
            list.length === 0 ? (
              <Empty title={relayWords.empty} detail={relayWords.empty_detail} />
            ) : (
              <DataTable
                label={relayWords.title}
                columns={columnsOf(org, deliveries !== undefined)}
                rows={linesOf(list, deliveries ?? [])}
                idOf={(line) => line.relay}
              />
            )
          }
        </Load>
      </PageBody>
    </>
  );
}

function columnsOf(org: string, isCounted: boolean): DataColumn<RelayLine>[] {
  return [
    {
      id: "relay",
      head: relayWords.relay,
      cell: (line) => <RelayName org={org} relay={line} isCanary={line.isCanary} />,
    },
    { id: "standing", head: relayWords.standing, cell: (line) => <Status {...statusOf(line.standing)} /> },
    { id: "build", head: relayWords.build, cell: (line) => <code>{line.build}</code> },
    {
      id: "environments",
      head: relayWords.environments,
      cell: (line) => relayWords.n_environments(line.reports.length),
    },
    {
      id: "reported",
      head: relayWords.reported,
      cell: (line) => (
        <time dateTime={line.reportedAt} title={exactTime(line.reportedAt)}>
          {ago(line.reportedAt)}
        </time>
      ),
    },
    {
      id: "delivered",
      head: relayWords.delivered,
      isEnd: true,
      cell: (line) => counted(line.delivery && total(line.delivery.delivered), isCounted),
    },
    { id: "dropped", head: relayWords.dropped, isEnd: true, cell: (line) => counted(drops(line), isCounted) },
  ];
}

const counted = (n: number | undefined, isCounted: boolean) =>
  n === undefined ? <Muted>{isCounted ? relayWords.not_counted : "…"}</Muted> : count(n);
