// Progressive rollouts: a share that grows in steps, and guards that watch it.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { isProblem } from "../errors";
import { invalidateChanged, orgKey } from "../query";
import type { components } from "../schema";
import type { Place } from "./flags";

export type Rollout = components["schemas"]["Rollout"];
export type RolloutDecision = components["schemas"]["RolloutDecision"];
export type RolloutState = Rollout["state"];
export type Guard = components["schemas"]["Guard"];
export type RolloutInput = components["schemas"]["RolloutInput"];
export type DryRun = components["schemas"]["DryRun"];
export interface PlacedRollout {
  env: string;
  rollout: Rollout;
}

const collection = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts";
const one = `${collection}/{rollout}` as const;

export const rolloutsQuery = ({ org, project }: Place, envs: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "rollouts", envs: envs.join() }),
    queryFn: async ({ signal }): Promise<PlacedRollout[]> => {
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
          ).then((rollouts) => rollouts.map((rollout) => ({ env, rollout }))),
        ),
      );
      return lists.flat();
    },
    enabled: envs.length > 0,
  });

const every = 15_000; // as often as guards look

// The address does not name the environment: `envs` are tried in their order.
export const rolloutQuery = ({ org, project }: Place, id: string, envs: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "rollout", id }),
    queryFn: async ({ signal }): Promise<PlacedRollout> => {
      let last: unknown;
      for (const env of envs) {
        try {
          const params = { path: { org, project, env, rollout: id } };
          return { env, rollout: await body(api.GET(one, { signal, params })) };
        } catch (error) {
          last = error;
          if (!isProblem(error, 404) && !isProblem(error, 403)) throw error;
        }
      }
      throw last;
    },
    enabled: envs.length > 0,
    refetchInterval: (query) => (isUnderWay(query.state.data?.rollout.state) ? every : false),
  });

export const prometheusQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "prometheus"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/prometheus", {
            signal,
            params: { path: { org }, query: cursor === undefined ? {} : { cursor } },
          }),
        ),
      ),
  });

// What a plan would do, step by step; nothing is changed.
export const tryRollout = ({ org, project }: Place, env: string, plan: RolloutInput): Promise<DryRun> =>
  body(
    api.POST(collection, { params: { path: { org, project, env }, query: { dry_run: true } }, body: plan }),
  ) as Promise<unknown> as Promise<DryRun>;

// `key`: the same for each attempt.
export async function startRollout(
  { org, project }: Place,
  env: string,
  plan: RolloutInput,
  comment: string,
  key: string,
): Promise<Rollout> {
  const started = await body(
    api.POST(collection, {
      params: {
        path: { org, project, env },
        query: comment ? { comment } : {},
        header: { "Idempotency-Key": key },
      },
      body: plan,
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
  return started as Rollout;
}

export const isUnderWay = (state: RolloutState | undefined): boolean =>
  state === "running" || state === "held" || state === "paused";

// The step that holds now holds no longer, so that the next one is taken at the next look.
export async function takeNextStep(
  { org, project }: Place,
  { env, rollout }: PlacedRollout,
  comment: string,
): Promise<void> {
  const steps = rollout.steps.map((step, i) =>
    i === rollout.step - 1 ? { ...step, hold: "0s", min_evaluations: 0 } : step,
  );
  await body(
    api.PATCH(one, {
      params: {
        path: { org, project, env, rollout: rollout.id },
        header: { "If-Match": `"${rollout.version}"` },
        query: comment ? { comment } : {},
      },
      body: { steps },
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
}

export type RolloutStepName = "pause" | "resume" | "cancel" | "approve";

export async function takeRolloutStep(
  { org, project }: Place,
  { env, rollout }: PlacedRollout,
  step: RolloutStepName,
  comment = "",
): Promise<void> {
  await body(
    api.POST(`${one}/${step}` as `${typeof one}/pause`, {
      params: {
        path: { org, project, env, rollout: rollout.id },
        header: { "If-Match": `"${rollout.version}"` },
        query: comment ? { comment } : {},
      },
      body: {},
    }),
  );
  await invalidateChanged(org, `projects/${project}`);
}
