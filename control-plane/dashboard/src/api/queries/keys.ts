// Keys with which programs and relays ask.
import { api, body, newIdempotencyKey } from "../client";
import type { Place } from "./flags";

// Returns the key itself, which is never shown again.
export async function createServerKey({ org, project }: Place, env: string, name: string): Promise<string> {
  const made = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/environments/{env}/keys", {
      params: { path: { org, project, env }, header: { "Idempotency-Key": newIdempotencyKey() } },
      body: { kind: "server", name } as never,
    }),
  );
  return (made as { key: string }).key;
}
