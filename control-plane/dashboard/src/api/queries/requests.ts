// Change requests: changes that wait for other people's approval.
import { queryOptions } from "@tanstack/react-query";
import { all, api, body } from "../client";
import { isProblem } from "../errors";
import { invalidateChanged, orgKey } from "../query";
import type { components } from "../schema";
import type { KeptChange } from "./audit";
import type { Place } from "./flags";

export type ChangeRequest = components["schemas"]["ChangeRequest"];
export type PlacedRequest = components["schemas"]["PlacedChangeRequests"]["items"][number];
export type RequestComment = components["schemas"]["ChangeRequestComment"];
export type RequestState = ChangeRequest["state"];
export type Mine = "author" | "reviewer";

export interface RequestPlace extends Place {
  env: string;
  request: string;
}

const collection = "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests";
const one = `${collection}/{request}` as const;

// Changes of anything concern it: a request is rebased when its environment is published.
export const requestsQuery = (org: string, state: Exclude<RequestState, "approved"> | undefined, mine?: Mine) =>
  queryOptions({
    queryKey: orgKey(org, { view: "requests", state: state ?? null, mine: mine ?? null }),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET("/api/v1/orgs/{org}/requests", {
            signal,
            params: {
              path: { org },
              query: {
                limit: 100,
                ...(state ? { state } : {}),
                ...(mine ? { mine } : {}),
                ...(cursor === undefined ? {} : { cursor }),
              },
            },
          }),
        ),
      ),
  });

export interface FoundRequest {
  env: string;
  request: ChangeRequest;
}

// The request with what it comes to now. Its address does not name the environment: `envs` are tried in their order.
export const requestQuery = ({ org, project }: Place, id: string, envs: readonly string[]) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, { view: "request", id }),
    queryFn: async ({ signal }): Promise<FoundRequest> => {
      let last: unknown;
      for (const env of envs) {
        const params = { path: { org, project, env, request: id } };
        try {
          const request = await body(api.GET(one, { signal, params }));
          const isOver = ["declined", "withdrawn", "applied"].includes(request.state);
          return { env, request: isOver ? request : await body(api.GET(`${one}/preview`, { signal, params })) };
        } catch (error) {
          last = error;
          if (!isProblem(error, 404) && !isProblem(error, 403)) throw error;
        }
      }
      throw last;
    },
    enabled: envs.length > 0,
  });

export const commentsQuery = ({ org, project, env, request }: RequestPlace) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "environments", env, "requests", request, "comments"),
    queryFn: ({ signal }) =>
      all((cursor) =>
        body(
          api.GET(`${one}/comments`, {
            signal,
            params: {
              path: { org, project, env, request },
              query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
            },
          }),
        ),
      ),
    enabled: env !== "",
  });

export const approvalsQuery = ({ org, project }: Place, env: string) =>
  queryOptions({
    queryKey: orgKey(org, "projects", project, "environments", env, "approvals"),
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/orgs/{org}/projects/{project}/environments/{env}/approvals", {
          signal,
          params: { path: { org, project, env } },
        }),
      ).then((answer) => answer.required),
    enabled: env !== "",
  });

const changed = (place: Place) => invalidateChanged(place.org, `projects/${place.project}`);

// `key`: the same for each attempt.
export async function askForApproval(
  { org, project }: Place,
  env: string,
  request: { title: string; changes: KeptChange[]; description?: string },
  key: string,
): Promise<ChangeRequest> {
  const made = await body(
    api.POST(collection, {
      params: { path: { org, project, env }, header: { "Idempotency-Key": key } },
      body: request,
    }),
  );
  await changed({ org, project });
  return made;
}

export type RequestStep =
  | { kind: "approve"; digest: string; comment: string }
  | { kind: "decline"; reason: string }
  | { kind: "withdraw"; reason: string }
  | { kind: "bypass"; reason: string }
  | { kind: "apply"; at?: string };

const stepBody = (step: RequestStep): unknown => {
  switch (step.kind) {
    case "approve":
      return { digest: step.digest, ...(step.comment ? { comment: step.comment } : {}) };
    case "apply":
      return step.at ? { at: step.at } : {};
    case "bypass":
      return { reason: step.reason };
    default:
      return step.reason ? { reason: step.reason } : {};
  }
};

// `version` is that of the request that was read: If-Match.
export async function takeStep(place: RequestPlace, version: number, step: RequestStep): Promise<void> {
  const { org, project, env, request } = place;
  await body(
    api.POST(`${one}/${step.kind}` as `${typeof one}/approve`, {
      params: { path: { org, project, env, request }, header: { "If-Match": `"${version}"` } },
      body: stepBody(step) as never,
    }),
  );
  await changed(place);
}

// `line`: what it is about, in the words of the page; without one, the whole request. `key`: the same for each attempt.
export async function addComment(
  { org, project, env, request }: RequestPlace,
  comment: Pick<RequestComment, "text" | "line">,
  key: string,
): Promise<void> {
  await body(
    api.POST(`${one}/comments`, {
      params: { path: { org, project, env, request }, header: { "Idempotency-Key": key } },
      body: comment,
    }),
  );
  await changed({ org, project });
}

export async function openDraft({ org, project, env, request }: RequestPlace, version: number): Promise<void> {
  await body(
    api.PATCH(one, {
      params: { path: { org, project, env, request }, header: { "If-Match": `"${version}"` } },
      body: { draft: false },
    }),
  );
  await changed({ org, project });
}
