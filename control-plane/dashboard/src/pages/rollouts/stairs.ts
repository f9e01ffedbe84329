// The staircase of a rollout, and its guards in words. Pure.
import type { Guard, Rollout, RolloutDecision } from "../../api/queries/rollouts";
import { percentOfSlots } from "../../model/index";
import { rolloutWords } from "../../text/en/schedules";
import { count } from "../../text/format";
import type { StatusKind } from "../../ui/Status";

export const statusOf: Readonly<Record<Rollout["state"], StatusKind>> = {
  running: "rolling_out",
  held: "conflict",
  paused: "stale_data",
  completed: "on",
  rolled_back: "rejected",
  turned_off: "off",
  cancelled: "archived",
};

export type StepState = "taken" | "now" | "next" | "later";
export interface Stair {
  index: number; // from 0
  share: number; // slots
  hold: string;
  evaluations: number;
  approval: boolean;
  state: StepState;
}

// `step` counts the steps that were taken. The last of them is the one that holds now.
export function stairsOf({ steps, step, state }: Pick<Rollout, "steps" | "step" | "state">): Stair[] {
  const isOver = !(state === "running" || state === "held" || state === "paused");
  return steps.map((each, index) => ({
    index,
    share: each.share,
    hold: each.hold ?? "",
    evaluations: each.min_evaluations ?? 0,
    approval: each.approval ?? false,
    state:
      index + 1 < step || (isOver && index < step)
        ? "taken"
        : index + 1 === step
          ? "now"
          : index === step && !isOver
            ? "next"
            : "later",
  }));
}

// Corners of the drawing, 100 wide and high: each step as wide as another, as high as its share.
export function outline(stairs: readonly Stair[]): string {
  if (stairs.length === 0) return "";
  const width = 100 / stairs.length;
  const points = stairs.flatMap(({ share }, i) => {
    const y = 100 - share / 1000;
    return [`${i * width},${y}`, `${(i + 1) * width},${y}`];
  });
  return `0,100 ${points.join(" ")} 100,100`;
}

// Where the line of now stands: in the middle of the step that holds.
export const nowAt = (count: number, step: number): number =>
  count === 0 ? 0 : (100 / count) * Math.min(count, Math.max(0, step - 0.5));

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
const number = (value: unknown): string => String(value ?? "");

export function guardText(guard: Guard): string {
  const given = guard as Record<string, unknown>;
  const limit = (value: unknown) =>
    given.evaluations === "share" ? percent(Number(value)) : typeof value === "number" ? count(value) : number(value);
  const threshold =
    given.above !== undefined
      ? rolloutWords.above(limit(given.above))
      : given.below !== undefined
        ? rolloutWords.below(limit(given.below))
        : "";
  if (given.error_ratio !== undefined) {
    const [burn, long, short] = [given.burn ?? 14.4, given.long ?? "1h", given.short ?? "5m"];
    return rolloutWords.burn(number(given.error_ratio), number(burn), number(long), number(short));
  }
  if (given.query !== undefined) return `${rolloutWords.query(number(given.query))} ${threshold}`.trim();
  const counted = (given.evaluations === "share" ? rolloutWords.share_of : rolloutWords.number_of)(
    given.variation as string | undefined,
    given.reason as string | undefined,
  );
  const window = given.window === undefined ? "" : rolloutWords.over_window(number(given.window));
  return [counted, threshold, window].filter((part) => part !== "").join(" ");
}

export const responseOf = (guard: Guard): keyof typeof rolloutWords.responses | undefined => {
  const { on_breach } = guard as { on_breach?: string };
  return on_breach !== undefined && on_breach in rolloutWords.responses
    ? (on_breach as keyof typeof rolloutWords.responses)
    : undefined;
};

export const percentText = (slots: number): string => percentOfSlots(slots);

type Measured = RolloutDecision["evidence"]["guards"][number];

// What the guards found at the last look, in their order.
export function measured({ last_look }: Rollout): readonly Measured[] {
  const look = last_look as { evidence: RolloutDecision["evidence"] } | null | undefined;
  return look?.evidence.guards ?? [];
}
