// Who else is at a resource. A hint, kept by the control plane in memory for half a minute.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "../client";

export const presenceQuery = (org: string, resource: string) =>
  queryOptions({
    queryKey: ["presence", org, resource],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/orgs/{org}/presence", { signal, params: { path: { org }, query: { resource } } })),
    staleTime: 15_000,
  });

export function sayPresent(org: string, resource: string, is_editing: boolean): Promise<unknown> {
  return body(api.PUT("/api/v1/orgs/{org}/presence", { params: { path: { org } }, body: { resource, is_editing } }));
}
