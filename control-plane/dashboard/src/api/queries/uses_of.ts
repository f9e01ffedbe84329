// The keys of the flags that use each of what `uses:` in the filter of the list names: `segment/staff`, `flag/payments`.
import { queries } from "../query";
import { usesQuery } from "./flag";
import type { Place } from "./flags";
import { usesQuery as segmentUsesQuery } from "./segments";

export async function usersOf(place: Place, names: readonly string[]): Promise<Record<string, string[]>> {
  const found = names.map(async (name) => {
    const [kind, key = ""] = name.split("/", 2);
    if (key === "") return [name, []] as const;
    const { items } =
      kind === "segment"
        ? await queries.fetchQuery(segmentUsesQuery({ ...place, segment: key }))
        : await queries.fetchQuery(usesQuery(place, key));
    return [name, items.filter((use) => use.kind === "flag").map((use) => use.key)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
