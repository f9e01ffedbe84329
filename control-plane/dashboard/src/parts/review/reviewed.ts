// What the review sheet is given: a change of anything, by any page.
import type { ReactNode } from "react";
import type { DryRun, Warning } from "../../api/queries/exact";
import type { Environment } from "../../api/queries/projects";
import type { Json, Sentence } from "../../model/index";
import type { PlanStep } from "./steps";

export interface Given {
  comment: string;
  key: string; // the same for each attempt: Idempotency-Key
}

// A share that grows, which can be made to grow in steps.
export interface InSteps {
  to: string; // the variation
  present: number; // slots
  share: number;
  start: (given: Given, steps: PlanStep[]) => Promise<void>;
}

export interface Reviewed {
  title: string;
  verb: string; // of the button, with its place: "Publish to production"
  environment?: Environment | undefined; // whose rules of confirmation hold
  sentences: readonly Sentence[];
  note?: ReactNode; // before the sentences: "on top of Ana's 13"
  detail?: ReactNode; // after the sentences
  lines?: undefined | { before: readonly string[]; after: readonly string[] }; // rules as text
  json?: undefined | { before: Json; after: Json };
  impact?: ReactNode; // who changes
  collisions?: readonly string[];
  warnings?: undefined | readonly Warning[]; // of what is there now, to tell which findings are new
  preview?: undefined | { id: string; run: () => Promise<DryRun> }; // `id` changes with what is previewed
  mayPublish: boolean;
  approvals?: number | undefined; // that the environment wants first: then they can only be asked for
  whyNot?: string | undefined; // where it may not be published: other words than that the permission is lacking
  isDanger?: boolean;
  comment?: string; // kept elsewhere, with onComment
  onComment?: (comment: string) => void;
  placeOf?: (pointer: string) => string | undefined; // a field's name, for what the server refuses at it
  publish: (given: Given) => Promise<void>;
  schedule?: (given: Given, at: string) => Promise<void>;
  inSteps?: InSteps | undefined;
  request?: (given: Given, title: string) => Promise<void>;
}

export type When = "now" | "later" | "steps" | "ask";

export const isNew = (warning: Warning, before: readonly Warning[]): boolean =>
  !before.some((held) => held.code === warning.code && held.detail === warning.detail);
