// The filter of the list as saved views keep it, and back. What a view cannot keep is said, not dropped. Pure.
import type { View, ViewInput } from "../../api/queries/views";
import { conditionText, type FilterCondition, filterText, parseFilter } from "../../model/index";
import { usualColumns } from "./search";

type Kept = NonNullable<ViewInput["filter"]>;
interface KeptFilter {
  filter: Kept;
  environment: string | null;
}

// Takes a condition into what is kept; false if that has no place for it.
function take(kept: KeptFilter, { name, values, environment, isNegated }: FilterCondition): boolean {
  const { filter } = kept;
  const [value = ""] = values;
  if (isNegated || values.length !== 1) return false;
  if (name === "text") {
    filter.q = filter.q === undefined ? value : `${filter.q} ${value}`;
    return true;
  }
  if (name === "tag") {
    filter.tag = [...(filter.tag ?? []), value];
    return true;
  }
  if (name === "owner" && filter.owner === undefined && value !== "me") {
    filter.owner = value === "none" ? "" : value;
    return true;
  }
  if (name === "type" && filter.type === undefined) {
    filter.type = value as NonNullable<Kept["type"]>;
    return true;
  }
  if (name === "life" && filter.lifetime === undefined) {
    filter.lifetime = value as NonNullable<Kept["lifetime"]>;
    return true;
  }
  const isState = name === "state" && environment !== undefined && value !== "partial" && filter.enabled === undefined;
  if (!isState) return false;
  filter.enabled = value === "on";
  kept.environment = environment;
  return true;
}

export function viewFilter(text: string): KeptFilter | { unsavable: string } {
  const { conditions, errors } = parseFilter(text);
  const [error] = errors;
  if (error) return { unsavable: text.slice(error.from, error.to) };
  const kept: KeptFilter = { filter: {}, environment: null };
  const refused = conditions.find((condition) => !take(kept, condition));
  return refused ? { unsavable: conditionText(refused) } : kept;
}

const condition = (name: FilterCondition["name"], value: string, environment?: string): FilterCondition => ({
  name,
  values: [value],
  environment,
  isNegated: false,
  from: 0,
  to: 0,
});

export function textOfView({ filter, environment }: Pick<View, "filter" | "environment">): string {
  const { tag = [], owner, type, lifetime, enabled, q } = filter;
  return filterText({
    conditions: [
      ...tag.map((one) => condition("tag", one)),
      ...(owner === undefined ? [] : [condition("owner", owner === "" ? "none" : owner)]),
      ...(type ? [condition("type", type)] : []),
      ...(lifetime ? [condition("life", lifetime)] : []),
      ...(enabled === undefined || !environment ? [] : [condition("state", enabled ? "on" : "off", environment)]),
      ...(q ? q.split(/\s+/).map((word) => condition("text", word)) : []),
    ],
  });
}

// Columns and orders have other names there.
const columnNames = { type: "type", tags: "tags", owner: "owner", life: "lifetime", changed: "updated_at" } as const;
type Own = keyof typeof columnNames;

// None: the usual ones.
export const viewColumns = (own: readonly string[]): NonNullable<ViewInput["columns"]> =>
  own.join() === usualColumns.join() ? [] : own.flatMap((id) => (id in columnNames ? [columnNames[id as Own]] : []));

// How often flags are evaluated is not a member of them.
export const losesColumns = (own: readonly string[]): boolean =>
  own.join() !== usualColumns.join() && own.some((id) => !(id in columnNames));

export const ownColumns = (kept: readonly string[]): string[] =>
  Object.entries(columnNames).flatMap(([own, name]) => (kept.includes(name) ? [own] : []));

// Undefined for an order that the list of flags in the API has not.
export function viewSort(order: string): string | undefined {
  const name = order.replace("-", "");
  return name === "key" || name === "name"
    ? order
    : name === "changed"
      ? order.replace("changed", "updated")
      : undefined;
}

export const ownSort = (kept: string): string => kept.replace("updated", "changed");
