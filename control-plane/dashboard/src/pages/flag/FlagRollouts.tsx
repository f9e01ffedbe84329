import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "../../api/queries/projects";
import { isUnderWay, type PlacedRollout, rolloutsQuery } from "../../api/queries/rollouts";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { useGo, useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { newRolloutWords } from "../../text/en/new_rollout";
import { rolloutWords } from "../../text/en/schedules";
import { ago } from "../../text/format";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import styles from "../rollouts/Rollouts.module.css";
import { Staircase } from "../rollouts/Staircase";
import { percentText, statusOf } from "../rollouts/stairs";
import { FlagFrame } from "./FlagFrame";

// /{org}/{project}/flags/{flag}/{env}/rollout
export default function FlagRollouts() {
  return <FlagFrame section="rollout">{() => <Rollouts />}</FlagFrame>;
}

function Rollouts() {
  const { org, project, flag, env } = useKeys();
  const go = useGo();
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const rollouts = useQuery(rolloutsQuery({ org, project }, [env]));
  const may = useMay();
  const present = environments.find((each) => each.key === env);
  const mayStart = present && may(present.protected ? "edit_protected" : "edit", org, project, env);
  return (
    <>
      <div className={styles.tools}>
        <EnvironmentPicker
          label={flagWords.environment}
          environments={environments}
          value={env}
          onChange={(next) => go(paths.editorPart(org, project, flag, next, "rollout"))}
        />
        {mayStart && <Link to={paths.newRollout(org, project, flag, env)}>{newRolloutWords.title}</Link>}
      </div>
      <Load query={rollouts}>
        {(all) => {
          const own = all.filter(({ rollout }) => rollout.flag === flag);
          if (own.length === 0) return <Empty title={flagWords.no_rollouts} detail={flagWords.no_rollouts_detail} />;
          const [underWay, ended] = [true, false].map((is) =>
            own.filter(({ rollout }) => isUnderWay(rollout.state) === is),
          );
          return (
            <>
              {underWay?.map((placed) => (
                <UnderWay key={placed.rollout.id} placed={placed} />
              ))}
              {ended && ended.length > 0 && (
                <Section title={rolloutWords.ended}>
                  <Lines label={rolloutWords.ended}>
                    {ended.map(({ rollout }) => (
                      <Line key={rollout.id} end={<State rollout={rollout} />}>
                        <Link to={paths.rollout(org, project, rollout.id, env)}>
                          {rolloutWords.from_to(rollout.from, rollout.to)}
                        </Link>
                        <Muted>{[ago(rollout.created_at), rollout.detail].filter(Boolean).join(" · ")}</Muted>
                      </Line>
                    ))}
                  </Lines>
                </Section>
              )}
            </>
          );
        }}
      </Load>
    </>
  );
}

const State = ({ rollout }: Pick<PlacedRollout, "rollout">) => (
  <Status kind={statusOf[rollout.state]} text={rolloutWords.states[rollout.state]} />
);

function UnderWay({ placed: { env, rollout } }: { placed: PlacedRollout }) {
  const { org, project } = useKeys();
  return (
    <Section
      title={rolloutWords.from_to(rollout.from, rollout.to)}
      detail={
        <>
          {rollout.rule === null ? rolloutWords.everyone : rolloutWords.rule(rollout.rule)} ·{" "}
          {rolloutWords.to(rollout.to, percentText(rollout.share))} ·{" "}
          {rolloutWords.step_of(rollout.step, rollout.steps.length)}
        </>
      }
      actions={
        <>
          <State rollout={rollout} />
          <Link to={paths.rollout(org, project, rollout.id, env)}>{flagWords.open_rollout}</Link>
        </>
      }
    >
      <Staircase rollout={rollout} />
    </Section>
  );
}
