// The draft of a configuration as the review sheet takes it.
import type { ReactNode } from "react";
import { newIdempotencyKey } from "../../api/client";
import { isProblem } from "../../api/errors";
import {
  type ExactConfig,
  exactConfigQuery,
  type Patch,
  previewConfig,
  publishConfig,
  requestConfig,
  scheduleConfig,
  type Warning,
} from "../../api/queries/exact";
import type { FlagConfigEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { startRollout } from "../../api/queries/rollouts";
import { queries } from "../../api/query";
import {
  bodyOf,
  configChange,
  configLines,
  describeConfig,
  type FlagDefinition,
  instructionsOf,
  type Json,
  newDraft,
  reduceDraft,
} from "../../model/index";
import { offerRequest } from "../../parts/asked";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { lastEnvironment } from "../../parts/last_environment";
import type { Reviewed } from "../../parts/ReviewSheet";
import type { InSteps } from "../../parts/review/reviewed";
import { paths } from "../../paths";
import { editorWords } from "../../text/en/editor";
import { reviewWords } from "../../text/en/review";
import { toast } from "../../ui/toasts";
import { stairsOf } from "./stairs";

interface Subject {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  state: DraftState;
  present: ExactConfig;
  warnings: readonly Warning[]; // of what is published
  mayPublish: boolean;
  index: FlagConfigEntry | undefined; // what else is under way
  approvals: number | undefined; // that the environment wants
  impact: ReactNode;
  onPublished: (published: Published) => void;
  go: (path: string) => void;
}

type Where = Pick<Subject, "place" | "flag" | "env">;

// What the receipt is about.
export interface Published {
  text: string;
  now: ExactConfig;
  before?: ExactConfig; // without it, there is nothing to undo
}

// After a publication everything that shows the configuration has it, without asking.
function take({ place, flag, env }: Where, now: ExactConfig): void {
  queries.setQueryData(exactConfigQuery(place, flag.key, env.key).queryKey, now);
  void queries.invalidateQueries({ queryKey: ["orgs", place.org, "projects", place.project, "flag-index"] });
  void queries.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey.some((part) => typeof part === "object" && (part as { view?: string })?.view === "ruleset"),
  });
}

// The inverse change, based on what was published: its own entry in the audit log.
export async function undo(where: Where, { now, before = now }: Published): Promise<Published> {
  const { place, flag, env } = where;
  const back = configChange(now.config, before.config, { splits: "keep", salt: flag.salt });
  const draft = reduceDraft(newDraft("config", "", now.version, now.config), { type: "do", step: back });
  const body = bodyOf({ ...draft, comment: editorWords.undo_comment(now.version) });
  const patch = { place, flag: flag.key, env: env.key, body, version: now.version };
  const undone = await publishConfig(patch, newIdempotencyKey());
  take(where, undone);
  return { text: editorWords.undone(flag.key, env.key), now: undone };
}

const collisionsOf = (index: FlagConfigEntry | undefined): string[] => [
  ...(index?.requests ? [reviewWords.requests_open(index.requests)] : []),
  ...(index?.schedules ? [reviewWords.schedules_open(index.schedules)] : []),
  ...(index?.rollouts ? [reviewWords.rollouts_open(index.rollouts)] : []),
];

// The name of what an instruction is about, for what the server refuses at it.
function placeIn(state: DraftState, pointer: string): string | undefined {
  const at = /^\/instructions\/(\d+)/.exec(pointer)?.[1];
  const instruction = at === undefined ? undefined : instructionsOf(state.draft)[Number(at)];
  if (!instruction) return undefined;
  const rule = "rule" in instruction ? instruction.rule : "id" in instruction ? instruction.id : undefined;
  const index = state.config.rules.findIndex(({ id }) => id === rule);
  if (index >= 0) return editorWords.rule(index + 1);
  return instruction.kind === "set_fallthrough" ? editorWords.else : instruction.kind;
}

function inSteps({ place, flag, env, state, go }: Subject): InSteps | undefined {
  const stairs = stairsOf(state.base, state.config);
  if (!stairs) return undefined;
  const { from, to, present, share, rule = null } = stairs;
  return {
    ...{ to, present, share },
    start: async ({ comment, key }, steps) => {
      const plan = { flag: flag.key, rule, from, to, steps, offset: 0 };
      const { id } = await startRollout(place, env.key, plan, comment, key);
      state.dispatch({ type: "discard" });
      toast(editorWords.started(env.key), {
        action: {
          label: editorWords.open_rollout,
          onAction: () => go(paths.rollout(place.org, place.project, id, env.key)),
        },
      });
    },
  };
}

export function reviewedOf(subject: Subject): Reviewed {
  const { place, flag, env, state, present } = subject;
  const { draft, base, config } = state;
  const patch = (comment: string): Patch => ({
    place,
    flag: flag.key,
    env: env.key,
    body: bodyOf({ ...draft, comment }),
    version: draft.version,
  });
  const plain = (value: typeof base): Json => value as unknown as Json;
  return {
    title: editorWords.publish_title(flag.key, env.key),
    verb: reviewWords.publish(env.key),
    environment: env,
    sentences: describeConfig(base, config),
    note: state.rebasedOn === undefined ? undefined : editorWords.on_top(state.rebasedOn),
    lines: { before: configLines(base), after: configLines(config) },
    json: { before: plain(base), after: plain(config) },
    impact: subject.impact,
    collisions: collisionsOf(subject.index),
    warnings: subject.warnings,
    // The sheet is still there for a moment when the draft has been taken over by a rollout or a request.
    preview: state.isEmpty
      ? undefined
      : {
          id: `${place.org} ${place.project} ${flag.key} ${env.key} ${draft.version} ${bodyOf({ ...draft, comment: "" })}`,
          run: () =>
            previewConfig({ ...patch(""), body: bodyOf({ ...draft, comment: env.comment_required ? "-" : "" }) }),
        },
    mayPublish: subject.mayPublish,
    approvals: subject.approvals,
    comment: draft.comment,
    onComment: (comment) => state.dispatch({ type: "comment", comment }),
    placeOf: (pointer) => placeIn(state, pointer),
    publish: async ({ comment, key }) => {
      try {
        const now = await publishConfig(patch(comment), key);
        lastEnvironment.keep(place.org, place.project, env.key);
        state.published(now);
        take(subject, now);
        subject.onPublished({
          ...{ text: editorWords.published(flag.key, env.key, now.version), now },
          before: { ...present, config: base },
        });
      } catch (error) {
        if (!isProblem(error, 412)) throw error;
        // Somebody was faster: the draft goes on top of theirs, or is compared with it.
        await queries.invalidateQueries({ queryKey: exactConfigQuery(place, flag.key, env.key).queryKey });
        throw new Error(editorWords.faster);
      }
    },
    schedule: async ({ comment, key }, at) => {
      await scheduleConfig({ patch: patch(comment), comment, key }, at);
      state.dispatch({ type: "discard" });
      toast(editorWords.scheduled);
    },
    request: async ({ comment, key }, title) => {
      const id = await requestConfig({ patch: patch(comment), comment, key }, title);
      state.dispatch({ type: "discard" });
      offerRequest(place, env.key, id, subject.go);
    },
    inSteps: inSteps(subject),
  };
}
