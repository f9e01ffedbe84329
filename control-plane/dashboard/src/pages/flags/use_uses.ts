// The flags that use what `uses:` names. The server knows them; they are asked for, and the code that asks, when something is named.
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { orgKey } from "../../api/query";
import type { Filter } from "../../model/index";
import { useKeys } from "../../parts/page";

export function useUses(filter: Filter): (name: string) => ReadonlySet<string> | undefined {
  const { org, project } = useKeys();
  const names = filter.conditions.filter(({ name }) => name === "uses").flatMap(({ values }) => values);
  const users = useQuery({
    queryKey: orgKey(org, "projects", project, "uses", { names: names.join(" ") }),
    queryFn: async () => (await import("../../api/queries/uses_of")).usersOf({ org, project }, names),
    enabled: names.length > 0,
  }).data;
  return useCallback((name) => (users?.[name] ? new Set(users[name]) : undefined), [users]);
}
