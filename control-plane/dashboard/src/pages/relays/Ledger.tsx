import type { EventSums, RelayDelivery } from "../../api/queries/relays";
import { Muted } from "../../parts/PageHead";
import { relayWords } from "../../text/en/relays";
import { ago, count } from "../../text/format";
import { DataTable } from "../../ui/DataTable";
import { Banner } from "../../ui/States";
import { difference, type LedgerRow, rowsOf } from "./ledger";

const kinds = Object.keys(relayWords.kinds) as (keyof EventSums)[];

// What has become of a relay's events: by its own ledger where it reports one, else what the control plane has counted.
export function Ledger({ delivery }: { delivery: RelayDelivery | undefined }) {
  if (delivery === undefined) return <p>{relayWords.nothing_delivered}</p>;
  const { reported, reported_at, repeated_batches } = delivery;
  const missing = difference(delivery);
  return (
    <>
      <DataTable
        label={relayWords.ledger}
        rows={rowsOf(delivery)}
        idOf={(row) => row.id}
        columns={[
          { id: "what", head: relayWords.events, cell: nameOf },
          ...kinds.map((kind) => ({
            id: kind,
            head: relayWords.kinds[kind],
            isEnd: true,
            cell: (row: LedgerRow) => count(row.sums[kind]),
          })),
        ]}
      />
      {missing > 0 && <Banner tone="stale">{relayWords.missing(missing)}</Banner>}
      <p>
        <Muted>
          {reported && reported_at
            ? `${relayWords.reported_ledger(ago(reported_at))} ${relayWords.spool(reported.spool_bytes)}`
            : relayWords.ledger_queued}{" "}
          {repeated_batches > 0 && relayWords.repeated(repeated_batches)}
        </Muted>
      </p>
    </>
  );
}

function nameOf({ kind, reason }: LedgerRow): string {
  if (reason === undefined) return relayWords.rows[kind];
  const reasons = relayWords.drop_reasons as Readonly<Record<string, string>>;
  return relayWords.dropped_because(reasons[reason] ?? reason);
}
