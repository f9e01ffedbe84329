// Completion of the filter language while typing.

import { filterValues } from "./filter_query";
import type { IndexRow } from "./flag_index";

/** What replaces the text from `from` to `to`. `count`: rows that have it, where that is known. */
export type Completion = { readonly label: string; readonly insert: string; readonly count?: number };
export type Completions = { readonly from: number; readonly to: number; readonly items: readonly Completion[] };

export type Known = {
  readonly tags: ReadonlyMap<string, number>;
  readonly owners: ReadonlyMap<string, number>;
  readonly environments: readonly string[];
  readonly segments: readonly string[];
};

/** What the rows have, to be computed once for an index. */
export function knownOf(
  rows: readonly IndexRow[],
  environments: readonly string[],
  segments: readonly string[] = [],
): Known {
  const tags = new Map<string, number>();
  const owners = new Map<string, number>();
  for (const { entry } of rows) {
    for (const tag of entry.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1);
    if (entry.owner !== "") owners.set(entry.owner, (owners.get(entry.owner) ?? 0) + 1);
  }
  return { tags, owners, environments, segments };
}

const quoted = (value: string): string =>
  /^[^\s":,@\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;

function counted(map: ReadonlyMap<string, number>): Completion[] {
  return [...map]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([label, count]) => ({ label, insert: quoted(label), count }));
}

const plain = (labels: readonly string[]): Completion[] => labels.map((label) => ({ label, insert: quoted(label) }));

function valuesOf(name: string, known: Known): Completion[] {
  if (name === "tag") return counted(known.tags);
  if (name === "owner") return [...plain(["me", "none"]), ...counted(known.owners)];
  if (name === "env") return plain(known.environments);
  if (name === "uses")
    return known.segments.map((segment) => ({ label: `segment/${segment}`, insert: `segment/${segment}` }));
  if (name === "changed") return plain(["1h", "24h", "7d", "4w"]);
  return plain(Object.hasOwn(filterValues, name) ? (filterValues[name as keyof typeof filterValues] ?? []) : []);
}

const most = 20;

/** What may stand at the cursor, a place in UTF-16 units. */
export function complete(text: string, cursor: number, known: Known): Completions {
  const word = /[^\s]*$/.exec(text.slice(0, cursor))?.[0] ?? "";
  const [, prefix = "", part = word] = /^(.*[:,@])([^:,@]*)$/.exec(word) ?? [];
  const typed = part.replace(/^-|"/g, "").toLowerCase();
  const from = cursor - part.length + (prefix === "" && part.startsWith("-") ? 1 : 0);
  const name = /^-?(\w+):/.exec(prefix)?.[1];
  const offered = prefix.endsWith("@")
    ? plain(known.environments)
    : name === undefined
      ? Object.keys(filterValues).map((each) => ({ label: `${each}:`, insert: `${each}:` }))
      : valuesOf(name, known);
  const items = offered.filter(({ label }) => label.toLowerCase().startsWith(typed)).slice(0, most);
  return { from, to: cursor, items };
}
