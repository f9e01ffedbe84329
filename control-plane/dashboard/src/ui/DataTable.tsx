import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

export interface DataColumn<T> {
  id: string;
  head: string;
  cell: (row: T) => ReactNode;
  isEnd?: boolean; // numbers
}

interface DataTableProps<T> {
  label: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  idOf: (row: T) => string;
  foot?: ReactNode;
}

// A table that is read. Lists of many rows are VirtualTable's.
export function DataTable<T>({ label, columns, rows, idOf, foot }: DataTableProps<T>) {
  const side = (column: DataColumn<T>) => (column.isEnd ? styles.end : "");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables are scrolled by keys too
    <section aria-label={label} className={styles.frame} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={side(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)}>
              {columns.map((column) => (
                <td key={column.id} className={side(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {foot}
    </section>
  );
}
