// A list of up to many thousands of rows of one height, as an ARIA grid: only the rows in sight (and the one that has the focus) are
// in the document. Keys: arrows, Home, End, Page; Enter opens, x or Space selects, Shift extends.
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useLayoutEffect, useRef } from "react";
import { words } from "../text/en";
import { move } from "./table_keys";
import { useRowHeight } from "./use_media";
import { Row, RowCheck } from "./VirtualRow";
import styles from "./VirtualTable.module.css";

export interface Column<T> {
  id: string;
  head: ReactNode;
  width: string; // of a grid track
  // Controls in a cell take part in the order of Tab in the active row only.
  cell: (row: T, isActive: boolean) => ReactNode;
  sort?: "ascending" | "descending" | "none";
  onSort?: () => void;
  isEnd?: boolean; // numbers
}

export interface VirtualTableProps<T> {
  label: string;
  rows: readonly T[];
  idOf: (row: T) => string;
  columns: readonly Column<T>[];
  active: number; // index of the row that has the focus, or would get it
  onActive: (index: number) => void;
  onOpen?: (row: T) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (row: T, isRange: boolean) => void;
  onSelectAll?: (isSelected: boolean) => void;
  empty?: ReactNode;
}

// Gives the focus to the list of the page, at the row that has it or would get it.
export function focusActiveRow(): void {
  document.querySelector<HTMLElement>('[role="grid"] [role="row"][tabindex="0"]')?.focus();
}

export function VirtualTable<T>(props: VirtualTableProps<T>) {
  const { label, rows, idOf, columns, active, onActive, onOpen, selected, onSelect, onSelectAll, empty } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const hasFocus = useRef(false);
  const height = useRowHeight();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => height,
    overscan: 8,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const shown = defaultRangeExtractor(range);
        const isNear = active >= (shown[0] ?? 0) && active <= (shown.at(-1) ?? 0);
        return isNear || active < 0 || active >= rows.length ? shown : [...shown, active].sort((a, b) => a - b);
      },
      [active, rows.length],
    ),
  });
  useLayoutEffect(() => virtual.measure(), [virtual]);
  useLayoutEffect(() => {
    if (!hasFocus.current || active < 0) return;
    virtual.scrollToIndex(active, { align: "auto" });
    viewport.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
  }, [active, virtual]);

  const page = Math.max(1, Math.floor((viewport.current?.clientHeight ?? 0) / height) - 2);
  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.closest("input, textarea, select")) return;
    const is_row = event.target.dataset.index !== undefined;
    const row = rows[active];
    const next = move(event.key, active, rows.length, page);
    if (next !== undefined && is_row) onActive(next);
    else if (is_row && event.key === "Enter" && row) onOpen?.(row);
    else if (is_row && event.key === " " && row) onSelect?.(row, event.shiftKey);
    else return;
    event.preventDefault();
    if (event.shiftKey && next !== undefined && rows[next]) onSelect?.(rows[next], true);
  };

  const tracks = [...(onSelect ? ["40px"] : []), ...columns.map((column) => column.width)].join(" ");
  const all = selected !== undefined && rows.length > 0 && selected.size >= rows.length;
  const counts = { "aria-rowcount": rows.length + 1, "aria-colcount": columns.length + (onSelect ? 1 : 0) };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table whose rows are not all there
    <div
      ref={viewport}
      role="grid"
      aria-label={label}
      {...counts}
      {...(onSelect ? { "aria-multiselectable": true } : {})}
      className={styles.viewport}
      style={{ "--tracks": tracks } as object}
      onKeyDown={keyDown}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) hasFocus.current = false;
      }}
    >
      <Head
        columns={columns}
        onSelectAll={onSelect ? onSelectAll : undefined}
        all={all}
        some={!all && (selected?.size ?? 0) > 0}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className={styles.body} style={{ "--height": `${virtual.getTotalSize()}px` } as object}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index] as T;
          const id = idOf(row);
          return (
            <Row
              key={id}
              row={row as never}
              index={item.index}
              start={item.start}
              columns={columns as never}
              isActive={item.index === active || (active < 0 && item.index === 0)}
              isSelected={selected?.has(id) ?? false}
              onActive={onActive}
              onOpen={onOpen as never}
              onSelect={onSelect as never}
            />
          );
        })}
      </div>
      {rows.length === 0 && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div role="row">
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
          <div role="gridcell" aria-colspan={columns.length + (onSelect ? 1 : 0)}>
            {empty}
          </div>
        </div>
      )}
    </div>
  );
}

interface HeadProps {
  columns: readonly Column<never>[];
  onSelectAll: ((isSelected: boolean) => void) | undefined;
  all: boolean;
  some: boolean;
}

function Head<T>({ columns, onSelectAll, all, some }: Omit<HeadProps, "columns"> & { columns: readonly Column<T>[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: its controls are
    <div role="row" aria-rowindex={1} className={styles.head}>
      {onSelectAll && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div role="columnheader" className={styles.cell}>
          <RowCheck label={words.select_all} isOn={all} isSome={some} onChange={onSelectAll} />
        </div>
      )}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div
          key={column.id}
          role="columnheader"
          className={`${styles.cell} ${column.isEnd ? styles.end : ""}`}
          {...(column.sort ? { "aria-sort": column.sort } : {})}
        >
          {column.onSort ? (
            <button type="button" className={styles.sort} onClick={column.onSort} data-sort={column.sort}>
              {column.head}
            </button>
          ) : (
            column.head
          )}
        </div>
      ))}
    </div>
  );
}
