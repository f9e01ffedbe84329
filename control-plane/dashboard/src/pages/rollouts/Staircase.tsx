import { isUnderWay, type Rollout } from "../../api/queries/rollouts";
import { rolloutWords } from "../../text/en/schedules";
import { count } from "../../text/format";
import { DataTable } from "../../ui/DataTable";
import { Status } from "../../ui/Status";
import styles from "./Rollouts.module.css";
import { nowAt, outline, percentText, type Stair, type StepState, stairsOf } from "./stairs";

const kinds = { taken: "on", now: "rolling_out", next: "scheduled", later: "off" } as const;
const wordOf = (state: StepState): string => rolloutWords[state];

// The share over the steps, with a line where it stands now; beside the drawing, a table that says the same.
export function Staircase({ rollout }: { rollout: Rollout }) {
  const stairs = stairsOf(rollout);
  const points = outline(stairs);
  const at = nowAt(stairs.length, rollout.step);
  const isUnder = isUnderWay(rollout.state);
  const label = rolloutWords.staircase(rolloutWords.step_of(rollout.step, stairs.length));
  return (
    <div className={styles.stairs}>
      <svg className={styles.drawing} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
        <polygon points={points} className={styles.plan} />
        <clipPath id="reached">
          <rect x="0" y="0" width={isUnder ? at : (100 / Math.max(1, stairs.length)) * rollout.step} height="100" />
        </clipPath>
        <polygon points={points} className={styles.reached} clipPath="url(#reached)" />
        {isUnder && <line x1={at} x2={at} y1="0" y2="100" className={styles.now} />}
      </svg>
      <DataTable
        label={rolloutWords.steps}
        rows={stairs}
        idOf={({ index }) => String(index)}
        columns={[
          { id: "step", head: rolloutWords.step, cell: ({ index }) => index + 1, isRowHead: true },
          { id: "share", head: rolloutWords.share, cell: ({ share }) => `${percentText(share)} %`, isEnd: true },
          { id: "hold", head: rolloutWords.hold, cell: ({ hold }) => hold, isEnd: true },
          {
            id: "evaluations",
            head: rolloutWords.evaluations,
            cell: ({ evaluations }) => (evaluations > 0 ? count(evaluations) : ""),
            isEnd: true,
          },
          { id: "approval", head: rolloutWords.approval, cell: (stair) => approvalOf(stair, rollout.approved) },
          {
            id: "state",
            head: rolloutWords.state,
            cell: ({ state }) => <Status kind={kinds[state]} text={wordOf(state)} />,
          },
        ]}
      />
    </div>
  );
}

function approvalOf({ approval, state }: Stair, isApproved: boolean): string {
  if (!approval) return "";
  return state === "next" && isApproved ? rolloutWords.approved : rolloutWords.needs_approval;
}
