// Creating flags.
import { type Json, writeJson } from "../../model/index";
import { api, body } from "../client";
import type { Flag, NewFlag, Place } from "./flags";

// `variations`: those of the type without them. Numbers in them are sent as they were typed.
export async function createFlag(
  { org, project }: Place,
  flag: NewFlag,
  key: string,
  variations?: readonly { key: string; value: Json }[],
): Promise<Flag> {
  const made = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/flags", {
      params: { path: { org, project }, header: { "Idempotency-Key": key } },
      body: { ...flag, ...(variations ? { variations } : {}) } as NewFlag,
      bodySerializer: (value) => writeJson(value as unknown as Json),
    }),
  );
  return made as Flag;
}

// A flag like another, with its configurations in all environments that the person may change.
export async function cloneFlag(
  { org, project }: Place,
  from: string,
  { key, name }: Pick<NewFlag, "key" | "name">,
  intention: string,
): Promise<Flag> {
  const made = await body(
    api.POST("/api/v1/orgs/{org}/projects/{project}/flags/{flag}/clone", {
      params: { path: { org, project, flag: from }, header: { "Idempotency-Key": intention } },
      body: { key, ...(name ? { name } : {}) },
    }),
  );
  return made as Flag;
}
