import type { Json } from "../model/index";
import { changeWords } from "../text/en/changes";
import { DataTable } from "../ui/DataTable";
import styles from "./Changes.module.css";
import { Muted } from "./PageHead";
import { written } from "./written";

export interface ThreeWayRow {
  place: string;
  values: readonly (Json | undefined)[]; // one for each column
}

interface ThreeWayProps {
  label: string;
  columns: readonly string[];
  rows: readonly ThreeWayRow[];
}

// Places that two people have changed, side by side.
export function ThreeWay({ label, columns, rows }: ThreeWayProps) {
  return (
    <div className={styles.group}>
      <Muted>{label}</Muted>
      <DataTable
        label={label}
        rows={rows}
        idOf={({ place }) => place}
        columns={[
          {
            id: "place",
            head: changeWords.place,
            cell: ({ place }: ThreeWayRow) => <code>{place}</code>,
            isRowHead: true,
          },
          ...columns.map((head, i) => ({
            id: head,
            head,
            cell: ({ values }: ThreeWayRow) => <code className={styles.value}>{written(values[i])}</code>,
          })),
        ]}
      />
    </div>
  );
}
