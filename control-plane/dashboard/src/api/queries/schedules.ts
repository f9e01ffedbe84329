// Changes that are made at a time.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { invalidateChanged, orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type Schedule = components["schemas"]["Schedule"];
export type SchedulePatch = components["schemas"]["SchedulePatch"];
export interface PlacedSchedule {
  env: string;
  schedule: Schedule;
}

const collection = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules";
const one = `${collection}/{schedule}` as const;

// Of all environments that are given.
export const schedulesQuery = ({ org, project }: Place, envs: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "schedules", envs: envs.join() }),
    queryFn: async ({ signal }): Promise<PlacedSchedule[]> => {
      const lists = await Promise.all(
        envs.map((env) =>
          all((cursor) =>
            body(
              api.GET(collection, {
                signal,
                params: {
                  path: { org, project, env },
                  query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
                },
              }),
            ),
          ).then((schedules) => schedules.map((schedule) => ({ env, schedule }))),
        ),
      );
      return lists.flat();
    },
    enabled: envs.length > 0,
  });

// `key`: the same for each attempt.
export async function makeSchedule(
  { org, project }: Place,
  env: string,
  schedule: components["schemas"]["NewSchedule"],
  key: string,
): Promise<void> {
  await body(
    api.POST(collection, {
      params: { path: { org, project, env }, header: { "Idempotency-Key": key } },
      body: schedule,
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
}

export async function changeSchedule(
  { org, project }: Place,
  { env, schedule }: PlacedSchedule,
  patch: SchedulePatch,
): Promise<void> {
  await body(
    api.PATCH(one, {
      params: {
        path: { org, project, env, schedule: schedule.id },
        header: { "If-Match": `"${schedule.version}"` },
      },
      body: patch,
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
}

export async function cancelSchedule({ org, project }: Place, { env, schedule }: PlacedSchedule): Promise<void> {
  await body(
    api.DELETE(one, {
      params: {
        path: { org, project, env, schedule: schedule.id },
        header: { "If-Match": `"${schedule.version}"` },
      },
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
}
