// The order of the list of flags: "name", or "-name" for the reverse. Pure.
import type { FlagEntry } from "../../api/queries/flag_index";

type SortKey = "key" | "name" | "type" | "owner" | "updated" | "life";
const values: Record<SortKey, (flag: FlagEntry) => string> = {
  key: (flag) => flag.key,
  name: (flag) => (flag.name || flag.key).toLowerCase(),
  type: (flag) => flag.type,
  owner: (flag) => flag.owner.toLowerCase(),
  updated: (flag) => flag.updated_at,
  life: (flag) => flag.lifetime ?? "",
};

export function sorted(flags: readonly FlagEntry[], order: string): readonly FlagEntry[] {
  const isReverse = order.startsWith("-");
  const value = values[order.replace("-", "") as SortKey];
  if (value === undefined) return flags; // the index is in the order of the keys
  if (order === "key") return flags;
  const decorated = flags.map((flag) => ({ flag, by: value(flag) }));
  const sign = isReverse ? -1 : 1;
  decorated.sort((a, b) => (a.by < b.by ? -sign : a.by > b.by ? sign : a.flag.key < b.flag.key ? -1 : 1));
  return decorated.map((one) => one.flag);
}

export const nextOrder = (present: string, column: string): string => (present === column ? `-${column}` : column);
export const directionOf = (order: string, column: string): "ascending" | "descending" | "none" =>
  order === column ? "ascending" : order === `-${column}` ? "descending" : "none";
