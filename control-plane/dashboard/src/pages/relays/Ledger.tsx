import type { EventSums, RelayDelivery } from "../../api/queries/relays";
import { Muted } from "../../parts/PageHead";
import { relayWords } from "../../text/en/relays";
import { count } from "../../text/format";
import { DataTable } from "../../ui/DataTable";

const kinds = Object.keys(relayWords.kinds) as (keyof EventSums)[];

// What the control plane has counted of a relay's events. What it cannot know, it says who does.
export function Ledger({ delivery }: { delivery: RelayDelivery | undefined }) {
  return (
    <>
      {delivery === undefined ? (
        <p>{relayWords.nothing_delivered}</p>
      ) : (
        <DataTable
          label={relayWords.ledger}
          rows={kinds}
          idOf={(kind) => kind}
          columns={[
            { id: "kind", head: relayWords.kind, cell: (kind) => relayWords.kinds[kind] },
            {
              id: "delivered",
              head: relayWords.delivered,
              isEnd: true,
              cell: (kind) => count(delivery.delivered[kind]),
            },
            { id: "dropped", head: relayWords.dropped, isEnd: true, cell: (kind) => count(delivery.dropped[kind]) },
          ]}
        />
      )}
      {delivery !== undefined && delivery.repeated_batches > 0 && (
        <p>{relayWords.repeated(delivery.repeated_batches)}</p>
      )}
      <p>
        <Muted>{relayWords.ledger_queued}</Muted>
      </p>
    </>
  );
}
