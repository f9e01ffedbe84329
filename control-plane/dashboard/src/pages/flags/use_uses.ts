// The flags that use what `uses:` names: `segment/staff`, `flag/payments`. The server knows them; they are asked for when named.
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { usesQuery } from "../../api/queries/flag";
import type { Place } from "../../api/queries/flags";
import { usesQuery as segmentUsesQuery } from "../../api/queries/segments";
import { orgKey, queries } from "../../api/query";
import type { Filter } from "../../model/index";
import { useKeys } from "../../parts/page";

async function flagsThatUse(place: Place, name: string): Promise<string[]> {
  const [kind, key = ""] = name.split("/", 2);
  if (key === "") return [];
  const asked = kind === "segment" ? segmentUsesQuery({ ...place, segment: key }) : usesQuery(place, key);
  const { items } = await queries.fetchQuery(asked as ReturnType<typeof usesQuery>);
  return items.filter((use) => use.kind === "flag").map((use) => use.key);
}

export function useUses(filter: Filter): (name: string) => ReadonlySet<string> | undefined {
  const { org, project } = useKeys();
  const names = filter.conditions.filter(({ name }) => name === "uses").flatMap(({ values }) => values);
  const { data } = useQuery({
    queryKey: orgKey(org, "projects", project, "uses", { names }),
    queryFn: async () => {
      const found = names.map(async (name) => [name, await flagsThatUse({ org, project }, name)] as const);
      return Object.fromEntries(await Promise.all(found));
    },
    enabled: names.length > 0,
  });
  return useCallback((name) => (data?.[name] ? new Set(data[name]) : undefined), [data]);
}
