import { useCallback, useMemo, useRef, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";

export interface Selection {
  selected: ReadonlySet<string>;
  toggle: (flag: FlagEntry, isRange: boolean) => void;
  remove: (keys: readonly string[]) => void;
  setAll: (isSelected: boolean) => void;
}

// Of the rows shown. A range goes from the row chosen before to the new one.
export function useSelection(rows: readonly FlagEntry[]): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | undefined>(undefined);
  const latest = useRef(rows);
  latest.current = rows;
  const toggle = useCallback((flag: FlagEntry, isRange: boolean) => {
    setKeys((before) => {
      const after = new Set(before);
      const from = isRange ? latest.current.findIndex((row) => row.key === anchor.current) : -1;
      const to = latest.current.findIndex((row) => row.key === flag.key);
      if (from >= 0)
        for (const row of latest.current.slice(Math.min(from, to), Math.max(from, to) + 1)) after.add(row.key);
      else if (!after.delete(flag.key)) after.add(flag.key);
      return after;
    });
    anchor.current = flag.key;
  }, []);
  const setAll = useCallback(
    (isSelected: boolean) => setKeys(new Set(isSelected ? latest.current.map((row) => row.key) : [])),
    [],
  );
  const remove = useCallback((gone: readonly string[]) => {
    setKeys((before) => {
      const after = new Set(before);
      for (const key of gone) after.delete(key);
      return after;
    });
  }, []);
  // What the filter has taken away is not selected any more.
  const selected = useMemo(
    () => (keys.size === 0 ? keys : new Set(rows.filter((row) => keys.has(row.key)).map((row) => row.key))),
    [keys, rows],
  );
  return { selected, toggle, remove, setAll };
}
