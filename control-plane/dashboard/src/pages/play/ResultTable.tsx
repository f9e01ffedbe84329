import { useMemo, useRef, useState } from "react";
import { playWords } from "../../text/en/play";
import { type Column as TableColumn, VirtualTable } from "../../ui/VirtualTable";
import { Answer, type ColourOf } from "./Answer";
import { beforeText, type Column, cellText, isChanged, variationAt } from "./grid";
import styles from "./Play.module.css";

interface ResultTableProps {
  columns: readonly Column[];
  rows: readonly number[]; // contexts
  contexts: readonly string[];
  colourOf: ColourOf;
  onExplain: (column: Column, context: number) => void;
}

const unset = playWords.callers_default;

export function ResultTable({ columns, rows, contexts, colourOf, onExplain }: ResultTableProps) {
  const [active, setActive] = useState(0);
  const explain = useRef(onExplain);
  explain.current = onExplain;
  const shown = useMemo(
    () => tableOf(columns, contexts, colourOf, (column, context) => explain.current(column, context)),
    [columns, contexts, colourOf],
  );
  return (
    <div className={styles.grid}>
      <VirtualTable
        label={playWords.results}
        rows={rows}
        idOf={String}
        columns={shown}
        active={Math.min(active, rows.length - 1)}
        onActive={setActive}
        onOpen={(context) => columns[0] && onExplain(columns[0], context)}
      />
    </div>
  );
}

function tableOf(
  columns: readonly Column[],
  contexts: readonly string[],
  colourOf: ColourOf,
  onExplain: ResultTableProps["onExplain"],
): TableColumn<number>[] {
  const context: TableColumn<number> = {
    id: "context",
    head: playWords.context,
    width: "minmax(200px, 2fr)",
    cell: (at) => <code className={styles.context}>{contexts[at]}</code>,
  };
  const answers = columns.map(
    (column): TableColumn<number> => ({
      id: `${column.env} ${column.flag}`,
      head: (
        <span className={styles.head}>
          <code>{column.flag}</code> {column.env}
        </span>
      ),
      width: "minmax(140px, 1fr)",
      cell: (at, isActive) => (
        <Cell
          column={column}
          context={at}
          colourOf={colourOf}
          isActive={isActive}
          onPress={() => onExplain(column, at)}
        />
      ),
    }),
  );
  return [context, ...answers];
}

interface CellProps {
  column: Column;
  context: number;
  colourOf: ColourOf;
  isActive: boolean;
  onPress: () => void;
}

function Cell({ column, context, colourOf, isActive, onPress }: CellProps) {
  const changed = isChanged(column, context);
  return (
    <button
      type="button"
      className={styles.cell}
      data-changed={changed || undefined}
      tabIndex={isActive ? 0 : -1}
      onClick={onPress}
    >
      <Answer text={cellText(column, context, unset)} colour={colourOf(column.flag, variationAt(column, context))} />
      {changed && <span className={styles.was}>{playWords.was(beforeText(column, context, unset) ?? "")}</span>}
    </button>
  );
}
