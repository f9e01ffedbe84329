import { Muted } from "../../parts/PageHead";
import { evaluationsWords } from "../../text/en/evaluations";
import { count, exactTime } from "../../text/format";
import { DataTable } from "../../ui/DataTable";
import { Disclosure } from "../../ui/Disclosure";
import type { Points } from "./points";

interface StepTableProps {
  points: Points;
  unnamed: string; // of a line without a name
}

// What the plot draws, as numbers: a row for each step, the newest first.
export function StepTable({ points, unnamed }: StepTableProps) {
  const rows = points.times.map((_, i) => i).reverse();
  return (
    <Disclosure title={evaluationsWords.numbers}>
      <DataTable
        label={evaluationsWords.numbers}
        rows={rows}
        idOf={String}
        columns={[
          { id: "from", head: evaluationsWords.from, cell: (i) => exactTime((points.times[i] ?? 0) * 1000) },
          ...points.lines.map((line, at) => ({
            id: `${at}`,
            head: line.name ?? unnamed,
            isEnd: true,
            cell: (i: number) => {
              const value = line.values[i];
              return value === null || value === undefined ? (
                <Muted>{evaluationsWords.not_counted}</Muted>
              ) : (
                count(value)
              );
            },
          })),
        ]}
      />
    </Disclosure>
  );
}
