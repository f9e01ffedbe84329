// The flags that use what `uses:` names: `segment/staff`, `flag/payments`. The server knows them; they are asked for when named.
import { useQueries } from "@tanstack/react-query";
import { useCallback } from "react";
import { usesQuery } from "../../api/queries/flag";
import { usesQuery as segmentUsesQuery } from "../../api/queries/segments";
import type { Filter } from "../../model/index";
import { useKeys } from "../../parts/page";

export function useUses(filter: Filter): (name: string) => ReadonlySet<string> | undefined {
  const { org, project } = useKeys();
  const names = filter.conditions.filter(({ name }) => name === "uses").flatMap(({ values }) => values);
  const keys = useQueries({
    queries: names.map((name) => {
      const [kind, key = ""] = name.split("/", 2);
      const query =
        kind === "segment" ? segmentUsesQuery({ org, project, segment: key }) : usesQuery({ org, project }, key);
      return { ...query, enabled: key !== "" } as ReturnType<typeof usesQuery>;
    }),
    combine: (found) =>
      JSON.stringify(found.map(({ data }) => data?.items.filter((use) => use.kind === "flag").map((use) => use.key))),
  });
  const known = names.join(" ");
  return useCallback(
    (name) => {
      const held = (JSON.parse(keys) as (string[] | null)[])[known.split(" ").indexOf(name)];
      return held ? new Set(held) : undefined;
    },
    [keys, known],
  );
}
