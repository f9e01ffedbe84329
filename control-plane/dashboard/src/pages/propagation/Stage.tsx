import { type ReactNode, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import type { Stage as Given, StageEnd } from "../../api/queries/stages";
import { Link } from "../../parts/Link";
import { Buttons, Line, Lines, Muted, Section } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { usePeople } from "../../parts/people";
import { useMay } from "../../parts/session";
import { versionNumber } from "../../parts/standing";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { propagationWords as words } from "../../text/en/propagation";
import { ago, clock, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Status, type StatusKind } from "../../ui/Status";
import styles from "./Propagation.module.css";
import { StageDialog } from "./StageDialog";
import { type StepState, stepsOf } from "./steps";

interface StageProps {
  environment: Environment | undefined;
  version: string;
  stage: Given;
  waiting: number; // relays that are held back
}

const kinds: Record<StepState, StatusKind> = { done: "on", now: "rolling_out", next: "off", failed: "rejected" };

// A version that did not go to all relays at once: how far it has come, what it waits for, and what a person can do about it.
export function Stage({ environment, version, stage, waiting }: StageProps) {
  const { org, project, env } = useKeys();
  const may = useMay();
  const [ending, setEnding] = useState<StageEnd>();
  const mayEnd = may(environment?.protected ? "edit_protected" : "edit", org, project, env);
  const isHeld = stage.state === "held";
  return (
    <Section
      title={words.stages}
      detail={isHeld && stage.waits_for ? words.waits_for[stage.waits_for] : <Ended stage={stage} />}
      actions={
        isHeld &&
        mayEnd && (
          <Buttons>
            <Button onPress={() => setEnding("withdraw")}>{words.withdraw}</Button>
            <Button kind="primary" onPress={() => setEnding("release")}>
              {words.release}
            </Button>
          </Buttons>
        )
      }
    >
      <Steps stage={stage} />
      {isHeld && stage.hold_until && (
        <Muted>{words.hold_until(clock(new Date(stage.hold_until)), ago(stage.hold_until))}</Muted>
      )}
      {isHeld && !mayEnd && <WhyNot action="end_stage" place={env} isProtected={environment?.protected ?? false} />}
      <Kept items={stage.kept ?? []} />
      {ending && (
        <StageDialog
          how={ending}
          environment={environment}
          version={version}
          stage={stage}
          waiting={waiting}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Section>
  );
}

function Ended({ stage }: { stage: Given }) {
  const { org, project, env } = useKeys();
  const nameOf = usePeople(org);
  const { state, ended_at, reason, actor, next } = stage;
  const why = reason === "person" ? words.by_person(nameOf(actor?.id ?? "")) : reason && words.reasons[reason];
  return (
    <>
      {words.states[state]} {ended_at && why && <time dateTime={ended_at}>{words.ended(ago(ended_at), why)}</time>}{" "}
      {state === "withdrawn" && next && (
        <Link to={`${paths.environment(org, project, env, "propagation")}?version=${next}`}>
          {words.next(versionNumber(next))}
        </Link>
      )}
    </>
  );
}

function Steps({ stage }: { stage: Given }) {
  const steps = stepsOf(stage);
  const { has = 0, behind = 0, rejecting = 0, lost = 0 } = stage.canaries ?? {};
  const all = has + behind + rejecting;
  const counts = [
    all === 0 ? words.no_canary : words.canaries(has, all),
    rejecting > 0 && words.rejecting(rejecting),
    lost > 0 && words.lost(lost),
  ].filter(Boolean);
  const isHeld = stage.state === "held";
  const { soak_until } = stage;
  return (
    <ol aria-label={words.stages} className={styles.steps}>
      <Step state={steps.canaries} title={words.steps.canaries(stage.label)}>
        {stage.canaries && counts.join("; ")}
      </Step>
      <Step state={steps.soak} title={words.steps.soak}>
        {isHeld && soak_until && (
          <time dateTime={soak_until} title={exactTime(soak_until)}>
            {words.soak_until(clock(new Date(soak_until)), ago(soak_until))}
          </time>
        )}
      </Step>
      <Step state={steps.others} title={words.steps.others}>
        {isHeld && words.others_have(versionNumber(stage.released))}
      </Step>
    </ol>
  );
}

function Step({ state, title, children }: { state: StepState; title: string; children: ReactNode }) {
  return (
    <li className={styles.step} data-state={state}>
      <strong>{title}</strong>
      <Status kind={kinds[state]} text={words.step_states[state]} />
      <Muted>{children}</Muted>
    </li>
  );
}

// Items of a withdrawn version that could not be put back: "flag/new-checkout".
function Kept({ items }: { items: readonly string[] }) {
  const { org, project } = useKeys();
  if (items.length === 0) return null;
  return (
    <div>
      <h3>{words.kept}</h3>
      <p>
        <Muted>{words.kept_detail}</Muted>
      </p>
      <Lines label={words.kept}>
        {items.map((item) => {
          const [kind, key = ""] = item.split("/");
          return (
            <Line key={item}>
              <Link to={kind === "segment" ? paths.segment(org, project, key) : paths.flag(org, project, key)}>
                {key}
              </Link>
            </Line>
          );
        })}
      </Lines>
    </div>
  );
}
