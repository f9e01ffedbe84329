import type { Json } from "../model/index";
import { changeWords } from "../text/en/changes";
import styles from "./ThreeWay.module.css";
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
    <section className={styles.scroll} aria-label={label}>
      <table className={styles.table}>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{changeWords.place}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ place, values }) => (
            <tr key={place}>
              <th scope="row">
                <code>{place}</code>
              </th>
              {columns.map((column, i) => (
                <td key={column}>
                  <code className={styles.value}>{written(values[i])}</code>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
