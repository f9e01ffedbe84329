import type { By } from "../../api/queries/series";
import { Muted } from "../../parts/PageHead";
import { evaluationsWords } from "../../text/en/evaluations";
import { count, exactTime, percent } from "../../text/format";
import { DataTable } from "../../ui/DataTable";
import { Swatch } from "../../ui/Swatch";
import type { Named, Points } from "./points";

const lastOf = (line: Named, times: readonly number[]): number | undefined =>
  times.filter((_, i) => (line.values[i] ?? 0) > 0).at(-1);

// What was counted is never shown as nothing.
const shareText = (share: number): string => (share > 0 && share < 0.05 ? `< ${percent(0.1, 1)}` : percent(share, 1));

// The sums of the plot.
export function CountTable({ points, by, colours }: { points: Points; by: By; colours: readonly number[] }) {
  const rows = points.lines.map((line, i) => ({ ...line, colour: colours[i] ?? 0 }));
  return (
    <DataTable
      label={evaluationsWords.title}
      rows={rows}
      idOf={(row) => row.name ?? ""}
      columns={[
        {
          id: "name",
          head: evaluationsWords.bys[by],
          cell: ({ name, colour }) => (
            <>
              <Swatch colour={colour} />
              {name === null ? <Muted>{evaluationsWords.names[by]}</Muted> : <code>{name}</code>}
            </>
          ),
        },
        { id: "count", head: evaluationsWords.count, isEnd: true, cell: (row) => count(row.count) },
        {
          id: "share",
          head: evaluationsWords.share,
          isEnd: true,
          cell: (row) => shareText((100 * row.count) / points.total),
        },
        {
          id: "last",
          head: evaluationsWords.last,
          isEnd: true,
          cell: (row) => {
            const last = lastOf(row, points.times);
            return last === undefined ? "-" : exactTime(last * 1000);
          },
        },
      ]}
    />
  );
}
