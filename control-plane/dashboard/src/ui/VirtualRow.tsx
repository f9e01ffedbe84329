import { memo } from "react";
import { words } from "../text/en";
import type { Column } from "./VirtualTable";
import styles from "./VirtualTable.module.css";

interface RowProps {
  row: never;
  index: number;
  start: number;
  columns: readonly Column<never>[];
  isActive: boolean;
  isSelected: boolean;
  onActive: (index: number) => void;
  onOpen: ((row: never) => void) | undefined;
  onSelect: ((row: never, isRange: boolean) => void) | undefined;
}

export const Row = memo(function Row({
  row,
  index,
  start,
  columns,
  isActive,
  isSelected,
  onActive,
  onOpen,
  onSelect,
}: RowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      role="row"
      aria-rowindex={index + 2}
      {...(onSelect ? { "aria-selected": isSelected } : {})}
      data-index={index}
      data-selected={isSelected || undefined}
      tabIndex={isActive ? 0 : -1}
      className={styles.row}
      style={{ "--start": `${start}px` } as object}
      onFocus={() => isActive || onActive(index)}
      onClick={(event) => {
        const isControl = event.target instanceof Element && event.target.closest("a, button, label, input");
        if (!isControl) onOpen?.(row);
      }}
    >
      {onSelect && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div role="gridcell" className={styles.cell}>
          <RowCheck
            label={words.select}
            isOn={isSelected}
            isInTabOrder={isActive}
            onChange={() => onSelect(row, false)}
          />
        </div>
      )}
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <div key={column.id} role="gridcell" className={`${styles.cell} ${column.isEnd ? styles.end : ""}`}>
          {column.cell(row, isActive)}
        </div>
      ))}
    </div>
  );
});

interface RowCheckProps {
  label: string;
  isOn: boolean;
  isSome?: boolean;
  isInTabOrder?: boolean;
  onChange: (isOn: boolean) => void;
}

// The browser's own: there are as many as rows, and they are drawn while scrolling.
export function RowCheck({ label, isOn, isSome = false, isInTabOrder = true, onChange }: RowCheckProps) {
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        aria-label={label}
        checked={isOn}
        ref={(input) => {
          if (input) input.indeterminate = isSome;
        }}
        tabIndex={isInTabOrder ? 0 : -1}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
