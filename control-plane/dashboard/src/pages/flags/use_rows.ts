import { useMemo } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import {
  type Filter,
  type FilterContext,
  filterRows,
  type IndexEntry,
  type IndexRow,
  parseFilter,
  prepareIndex,
  sortRows,
} from "../../model/index";
import { useUses } from "./use_uses";

export interface Rows {
  all: readonly IndexRow[];
  filter: Filter;
  context: FilterContext;
  rows: readonly FlagEntry[]; // those shown, in their order
}

// What a filter and an order make of the index. `me`: whom owner:me means.
export function useRows(flags: readonly FlagEntry[], text: string, order: string, me: string): Rows {
  const all = useMemo(() => prepareIndex(flags as readonly IndexEntry[]), [flags]);
  const filter = useMemo(() => parseFilter(text), [text]);
  const uses = useUses(filter);
  // What was changed within a time is asked of the moment at which the filter was typed.
  const context = useMemo(() => ({ now: filter && Date.now(), me: me === "" ? [] : [me], uses }), [filter, me, uses]);
  const ordered = useMemo(() => sortRows(all, order), [all, order]);
  const rows = useMemo(
    () => filterRows(ordered, filter, context).map(({ entry }) => entry as FlagEntry),
    [ordered, filter, context],
  );
  return { all, filter, context, rows };
}
