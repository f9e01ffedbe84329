// Relays: what they last reported, what they have delivered and dropped.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { orgKey } from "../query";
import type { components } from "../schema";

export type RelayReport = components["schemas"]["RelayReport"];
export type RelayDelivery = components["schemas"]["RelayDelivery"];
export type EventSums = components["schemas"]["EventSums"];

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
