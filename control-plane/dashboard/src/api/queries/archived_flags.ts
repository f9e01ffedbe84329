// Archived flags, a page at a time: they are not in the index.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, body } from "../client";
import { orgKey } from "../query";
import type { Flag, Place } from "./flags";

export const archivedFlagsQuery = ({ org, project }: Place, q: string) =>
  infiniteQueryOptions({
    queryKey: orgKey(org, "projects", project, "flags", { view: "archived", q }),
    queryFn: async ({ pageParam, signal }) => {
      const page = await body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/flags", {
          signal,
          params: {
            path: { org, project },
            query: {
              ...{ state: "archived" as const, sort: "-updated" as const, limit: 100 },
              ...(q ? { q } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      );
      return { items: page.items as Flag[], next: page.next };
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
