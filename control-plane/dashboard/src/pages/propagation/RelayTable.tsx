import type { Propagation } from "../../api/queries/propagation";
import { Muted } from "../../parts/PageHead";
import { RelayName } from "../../parts/RelayName";
import { codeWords, standings, statusOf } from "../../parts/relay_standing";
import { propagationWords } from "../../text/en/propagation";
import { relayWords } from "../../text/en/relays";
import { ago, exactTime } from "../../text/format";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Status } from "../../ui/Status";

type Relay = Propagation["relays"][number];

const columnsOf = (org: string, publishedAt: string | null): DataColumn<Relay>[] => [
  {
    id: "relay",
    head: relayWords.relay,
    cell: (relay) => <RelayName org={org} relay={relay} isCanary={relay.canary ?? false} />,
  },
  {
    id: "standing",
    head: relayWords.standing,
    cell: (relay) => (
      <>
        <Status {...statusOf(relay.standing)} />
        {relay.code !== "" && (
          <p>
            {codeWords(relay.code)} {relay.standing === "rejected" && propagationWords.acceptance}{" "}
            <Muted>
              <code>{relay.code}</code> {relay.detail}
            </Muted>
          </p>
        )}
      </>
    ),
  },
  { id: "version", head: relayWords.version, cell: ({ version }) => <code>{version}</code> },
  {
    id: "after",
    head: propagationWords.after,
    isEnd: true,
    cell: ({ has_since }) =>
      has_since === null || publishedAt === null ? (
        <Muted>-</Muted>
      ) : (
        <time dateTime={has_since} title={exactTime(has_since)}>
          {propagationWords.seconds((Date.parse(has_since) - Date.parse(publishedAt)) / 1000)}
        </time>
      ),
  },
  {
    id: "reported",
    head: relayWords.reported,
    cell: ({ reported_at }) => (
      <time dateTime={reported_at} title={exactTime(reported_at)}>
        {ago(reported_at)}
      </time>
    ),
  },
];

// Relays that do not have it come first.
export function RelayTable({ org, given }: { org: string; given: Propagation }) {
  const { relays, published_at } = given;
  const rows = [...relays].sort((a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing));
  return (
    <DataTable
      label={relayWords.title}
      columns={columnsOf(org, published_at)}
      rows={rows}
      idOf={(relay) => relay.relay}
    />
  );
}
