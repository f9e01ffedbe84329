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

export const isUnderWay = (state: RolloutState | undefined): boolean =>
  state === "running" || state === "held" || state === "paused";

export type RolloutStepName = "pause" | "resume" | "cancel" | "approve";

type RolloutPlan = components["schemas"]["RolloutInput"];

// Begins to carry out a plan; the new rollout's id.
export async function startRollout(
  path: Place & { env: string },
  plan: Omit<RolloutPlan, "offset">,
  comment: string,
  key: string,
): Promise<string> {
  const params = { path, header: { "Idempotency-Key": key }, query: comment ? { comment } : {} };
  const made = await body(api.POST(collection, { params, body: { offset: 0, ...plan } }));
  await invalidateChanged(path.org, `projects/${path.project}`);
  return (made as Rollout).id; // a plan that is not just tried
}

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
