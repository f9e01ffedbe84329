// What people are called. A list that those may read who may read the organisation.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { isProblem } from "../errors";
import { orgKey } from "../query";

export const memberNamesQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "members", { view: "names" }),
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, string>> => {
      try {
        const members = await all((cursor) =>
          body(
            api.GET("/api/v1/orgs/{org}/members", {
              signal,
              params: { path: { org }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
            }),
          ),
        );
        return new Map(members.map((member) => [member.id, member.email]));
      } catch (error) {
        if (isProblem(error, 403)) return new Map();
        throw error;
      }
    },
  });
