// Relays: what they last reported, what they have delivered and dropped, and which version of an environment they have.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type RelayReport = components["schemas"]["RelayReport"];
export type RelayDelivery = components["schemas"]["RelayDelivery"];
export type EventSums = components["schemas"]["EventSums"];
export type Propagation = components["schemas"]["Propagation"];

const again = 5_000; // relays report by themselves; the stream of changes does not tell of it

export const relaysQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "relays" }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/relays", {
            signal,
            params: { path: { org }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
          }),
        ),
      ),
    refetchInterval: again,
  });

export const deliveriesQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, { view: "deliveries" }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/relays/deliveries", {
            signal,
            params: { path: { org }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
          }),
        ),
      ),
    refetchInterval: again,
  });

async function propagation(
  { org, project }: Place,
  env: string,
  version: string | undefined,
  signal: AbortSignal,
): Promise<Propagation> {
  const pages: Propagation[] = [];
  const relays = await all(async (cursor) => {
    const query = {
      limit: 200,
      ...(version === undefined ? {} : { version }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const page = await body(
      api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/propagation", {
        signal,
        params: { path: { org, project, env }, query },
      }),
    );
    pages.push(page);
    return { items: page.relays, next: page.next };
  });
  return { ...(pages[0] as Propagation), relays };
}

// Asked for each second until all relays have the version, then as seldom as other reports.
export const propagationQuery = (place: Place, env: string, version?: string) =>
  queryOptions({
    queryKey: orgKey(place.org, "projects", place.project, "environments", env, "propagation", version ?? ""),
    queryFn: ({ signal }) => propagation(place, env, version, signal),
    refetchInterval: (query) => (query.state.data?.complete ? again : 1_000),
  });
