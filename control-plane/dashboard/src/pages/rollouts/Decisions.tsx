import type { Rollout } from "../../api/queries/rollouts";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { rolloutWords } from "../../text/en/schedules";
import { ago, exactTime } from "../../text/format";

// Every decision with what it was made on, newest first.
export function Decisions({ rollout }: { rollout: Rollout }) {
  const decisions = [...(rollout.decisions ?? [])].sort((a, b) => b.seq - a.seq);
  return (
    <Section title={rolloutWords.decisions}>
      {decisions.length === 0 ? (
        <Muted>{rolloutWords.no_decisions}</Muted>
      ) : (
        <Lines label={rolloutWords.decisions}>
          {decisions.map((decision) => (
            <Line
              key={decision.seq}
              end={
                <time dateTime={decision.at} title={exactTime(decision.at)}>
                  <Muted>{ago(decision.at)}</Muted>
                </time>
              }
            >
              <span>
                {rolloutWords.actions[decision.action]}
                {decision.detail && `: ${decision.detail}`}
              </span>
              <Muted>
                {decision.reason && (
                  <>
                    <code>{decision.reason}</code> ·{" "}
                  </>
                )}
                {rolloutWords.step_of(decision.step, rollout.steps.length)}
                {decision.evidence.relays > 0 &&
                  ` · ${rolloutWords.evidence(
                    decision.evidence.evaluations,
                    decision.evidence.relays,
                    decision.evidence.relays_behind,
                  )}`}
              </Muted>
            </Line>
          ))}
        </Lines>
      )}
    </Section>
  );
}
