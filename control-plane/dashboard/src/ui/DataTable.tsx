import type { ReactNode } from "react";
import styles from "./DataTable.module.css";

export interface DataColumn<T> {
  id: string;
  head: string;
  cell: (row: T) => ReactNode;
  isEnd?: boolean; // numbers
  isRowHead?: boolean; // says what the row is about; it stays when the others are scrolled
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
  const classes = ({ isEnd, isRowHead }: DataColumn<T>) =>
    `${isEnd ? styles.end : ""} ${isRowHead ? styles.rowHead : ""}`.trim();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables are scrolled by keys too
    <section aria-label={label} className={styles.frame} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={classes(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)}>
              {columns.map((column) =>
                column.isRowHead ? (
                  <th key={column.id} scope="row" className={classes(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={classes(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {foot}
    </section>
  );
}
