// Relays by their reports and deliveries: one line each, those with trouble first. Pure.
import type { EventSums, RelayDelivery, RelayReport } from "../../api/queries/relays";
import { type Standing, standings, worst } from "../../parts/relay_standing";

export interface RelayLine {
  relay: string;
  path: readonly string[];
  labels: readonly string[];
  isCanary: boolean; // in some environment
  build: string;
  standing: Standing;
  reports: readonly RelayReport[];
  reportedAt: string; // the latest
  delivery: RelayDelivery | undefined;
}

export const total = ({ counts, exposures, metrics }: EventSums): number => counts + exposures + metrics;

export const drops = (line: RelayLine): number | undefined => line.delivery && total(line.delivery.dropped);

const trouble = (line: RelayLine): number => standings.indexOf(line.standing) * 2 - ((drops(line) ?? 0) > 0 ? 1 : 0);

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function linesOf(reports: readonly RelayReport[], deliveries: readonly RelayDelivery[]): RelayLine[] {
  const names = [...new Set(reports.map((report) => report.relay))];
  return names
    .map((relay): RelayLine => {
      const own = reports
        .filter((report) => report.relay === relay)
        .sort((a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing));
      const latest = own.reduce((one, other) => (other.reported_at > one.reported_at ? other : one));
      return {
        relay,
        path: latest.path,
        labels: latest.labels,
        isCanary: own.some((report) => report.canary === true),
        build: latest.build,
        standing: worst(own.map((report) => report.standing)),
        reports: own,
        reportedAt: latest.reported_at,
        delivery: deliveries.find((delivery) => delivery.relay === relay),
      };
    })
    .sort((a, b) => trouble(a) - trouble(b) || byName(a.relay, b.relay));
}

// Relays that get everything from this one, directly.
export const childrenOf = (lines: readonly RelayLine[], relay: string): RelayLine[] =>
  lines.filter((line) => line.path.at(-1) === relay);
