// The filter of the list as saved views keep it, and back. What a view cannot keep is said, not dropped. Pure.
import type { View, ViewInput } from "../../api/queries/views";
import { parseTerms } from "./filter";

type Kept = NonNullable<ViewInput["filter"]>;

export function viewFilter(text: string): { filter: Kept; environment: string | null } | { unsavable: string } {
  const filter: Kept = {};
  let environment: string | null = null;
  const words: string[] = [];
  for (const term of parseTerms(text)) {
    if (term.isExcluded) return { unsavable: term.text };
    if (term.name === "") words.push(term.value);
    else if (term.name === "tag") filter.tag = [...(filter.tag ?? []), term.value];
    else if (term.name === "owner" && filter.owner === undefined && term.value !== "me")
      filter.owner = term.value === "none" ? "" : term.value;
    else if (term.name === "type" && filter.type === undefined) filter.type = term.value as NonNullable<Kept["type"]>;
    else if (term.name === "life" && filter.lifetime === undefined)
      filter.lifetime = term.value as NonNullable<Kept["lifetime"]>;
    else if (
      term.name === "state" &&
      term.env !== "" &&
      filter.enabled === undefined &&
      /^(on|off)$/.test(term.value)
    ) {
      filter.enabled = term.value === "on";
      environment = term.env;
    } else return { unsavable: term.text };
  }
  if (words.length > 0) filter.q = words.join(" ");
  return { filter, environment };
}

const quoted = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);

export function textOfView({ filter, environment }: Pick<View, "filter" | "environment">): string {
  const terms = [
    ...(filter.tag ?? []).map((tag) => `tag:${quoted(tag)}`),
    ...(filter.owner === undefined ? [] : [`owner:${filter.owner === "" ? "none" : quoted(filter.owner)}`]),
    ...(filter.type ? [`type:${filter.type}`] : []),
    ...(filter.lifetime ? [`life:${filter.lifetime}`] : []),
    ...(filter.enabled === undefined || !environment ? [] : [`state:${filter.enabled ? "on" : "off"}@${environment}`]),
    ...(filter.q ? [filter.q] : []),
  ];
  return terms.join(" ");
}

// The columns have other names there.
const columnNames = { type: "type", tags: "tags", owner: "owner", life: "lifetime", changed: "updated_at" } as const;
type Own = keyof typeof columnNames;

export const viewColumns = (own: readonly string[]): NonNullable<ViewInput["columns"]> =>
  own.flatMap((id) => (id in columnNames ? [columnNames[id as Own]] : []));

export const ownColumns = (kept: readonly string[]): string[] =>
  Object.entries(columnNames).flatMap(([own, name]) => (kept.includes(name) ? [own] : []));
