import { useMemo } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import { type Filter, makeFilter } from "./filter";
import { sorted } from "./order";

interface Rows {
  flags: readonly FlagEntry[]; // all
  filter: Filter;
  rows: readonly FlagEntry[]; // those shown, in their order
}

// What a filter and an order make of the index. `me`: whom owner:me means.
export function useRows(flags: readonly FlagEntry[], text: string, order: string, me: string): Rows {
  const filter = useMemo(() => makeFilter(text, me), [text, me]);
  const ordered = useMemo(() => sorted(flags, order), [flags, order]);
  const rows = useMemo(() => (filter.terms.length === 0 ? ordered : ordered.filter(filter.matches)), [ordered, filter]);
  return { flags, filter, rows };
}
