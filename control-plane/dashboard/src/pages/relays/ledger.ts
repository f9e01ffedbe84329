// The events of a relay as rows of a table: what was accepted, and where it has gone. Pure.
import type { EventSums, RelayDelivery } from "../../api/queries/relays";

export interface LedgerRow {
  id: string;
  kind: "accepted" | "delivered" | "queued" | "dropped" | "arrived";
  reason?: string; // why they were dropped
  sums: EventSums;
}

const sum = ({ counts, exposures, metrics }: EventSums): number => counts + exposures + metrics;

// `arrived`: what the control plane has counted, beside what the relay says that it has delivered.
export function rowsOf({ delivered, dropped, reported }: RelayDelivery): LedgerRow[] {
  if (!reported) {
    return [
      { id: "arrived", kind: "arrived", sums: delivered },
      { id: "dropped", kind: "dropped", sums: dropped },
    ];
  }
  const drops = reported.dropped.map(
    ({ reason, ...sums }): LedgerRow => ({
      id: `dropped ${reason}`,
      kind: "dropped",
      reason,
      sums,
    }),
  );
  return [
    { id: "accepted", kind: "accepted", sums: reported.accepted },
    { id: "delivered", kind: "delivered", sums: reported.delivered },
    { id: "queued", kind: "queued", sums: reported.queued },
    ...(drops.length > 0
      ? drops
      : [{ id: "dropped", kind: "dropped" as const, sums: { counts: 0, exposures: 0, metrics: 0 } }]),
    { id: "arrived", kind: "arrived", sums: delivered },
  ];
}

// Events of the relay's own ledger that are neither delivered nor queued nor dropped: none, where all is well.
export function difference({ reported }: RelayDelivery): number {
  if (!reported) return 0;
  const gone = reported.dropped.reduce((all, one) => all + sum(one), 0);
  return sum(reported.accepted) - sum(reported.delivered) - sum(reported.queued) - gone;
}
