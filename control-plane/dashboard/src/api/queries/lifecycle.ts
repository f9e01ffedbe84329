// Flags that are done with, why, and when that is said of a flag.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type LifecycleOfFlag = components["schemas"]["LifecycleOfFlag"];
export type Snooze = components["schemas"]["Snooze"];
export type LifecycleSettings = components["schemas"]["LifecycleSettings"];
export type StaleReason = components["schemas"]["StaleReason"];

const page = (cursor: string | undefined) => ({ limit: 200, ...(cursor === undefined ? {} : { cursor }) });

// As a whole, or in one environment; those that are snoozed, or the others.
export const lifecycleQuery = ({ org, project }: Place, environment: string | undefined, isSnoozed: boolean) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "cleanup", { environment: environment ?? "", isSnoozed }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/lifecycle", {
            signal,
            params: {
              path: { org, project },
              query: {
                ...page(cursor),
                ...(environment === undefined ? {} : { environment }),
                snoozed: isSnoozed ? "only" : "false",
              },
            },
          }),
        ),
      ),
  });

// Keys of live flags that nobody has ever asked for.
export const neverAskedQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "cleanup", "never"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/projects/{project}/flags", {
            signal,
            params: { path: { org, project }, query: { ...page(cursor), evaluated: "never", state: "active" } },
          }),
        ),
      ),
  });

const snoozePath = "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/lifecycle/snooze" as const;

// Leaves flags out of the list until then. One request each: what fails first stops the rest.
export async function snoozeFlags(
  { org, project }: Place,
  flags: readonly string[],
  until: string,
  comment: string,
): Promise<void> {
  try {
    for (const flag of flags)
      await body(api.PUT(snoozePath, { params: { path: { org, project, flag } }, body: { until, comment } }));
  } finally {
    await queries.invalidateQueries({ queryKey: orgKey(org, "projects", project) });
  }
}

export async function endSnoozes({ org, project }: Place, flags: readonly string[]): Promise<void> {
  try {
    for (const flag of flags) await body(api.DELETE(snoozePath, { params: { path: { org, project, flag } } }));
  } finally {
    await queries.invalidateQueries({ queryKey: orgKey(org, "projects", project) });
  }
}

export const lifecycleSettingsQuery = ({ org, project }: Place) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "cleanup", "settings"),
    queryFn: ({ signal }) =>
      tagged(
        api.GET("/api/v1/orgs/{org}/projects/{project}/lifecycle/settings", {
          signal,
          params: { path: { org, project } },
        }),
      ),
  });

export async function saveLifecycleSettings(
  { org, project }: Place,
  settings: components["schemas"]["LifecycleSettingsInput"],
  etag: string,
): Promise<void> {
  await body(
    api.PUT("/api/v1/orgs/{org}/projects/{project}/lifecycle/settings", {
      params: { path: { org, project }, header: { "If-Match": etag } },
      body: settings,
    }),
  );
  await queries.invalidateQueries({ queryKey: orgKey(org, "projects", project, "cleanup") });
}
