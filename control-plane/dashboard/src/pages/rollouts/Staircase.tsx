import { isUnderWay, type Rollout } from "../../api/queries/rollouts";
import { rolloutWords } from "../../text/en/schedules";
import { count } from "../../text/format";
import { Status } from "../../ui/Status";
import styles from "./Rollouts.module.css";
import { nowAt, outline, percentText, type StepState, stairsOf } from "./stairs";

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
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{rolloutWords.step}</th>
              <th scope="col">{rolloutWords.share}</th>
              <th scope="col">{rolloutWords.hold}</th>
              <th scope="col">{rolloutWords.evaluations}</th>
              <th scope="col">{rolloutWords.approval}</th>
              <th scope="col">{rolloutWords.state}</th>
            </tr>
          </thead>
          <tbody>
            {stairs.map((stair) => (
              <tr key={stair.index} data-now={stair.state === "now" || undefined}>
                <td>{stair.index + 1}</td>
                <td>{percentText(stair.share)} %</td>
                <td>{stair.hold}</td>
                <td>{stair.evaluations > 0 && count(stair.evaluations)}</td>
                <td>
                  {stair.approval &&
                    (stair.state === "next" && rollout.approved ? rolloutWords.approved : rolloutWords.needs_approval)}
                </td>
                <td>
                  <Status kind={kinds[stair.state]} text={wordOf(stair.state)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
