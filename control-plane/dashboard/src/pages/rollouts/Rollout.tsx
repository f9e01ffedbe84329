import { useQuery } from "@tanstack/react-query";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import { type PlacedRollout, rolloutQuery } from "../../api/queries/rollouts";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch } from "../../parts/page";
import { usePeople } from "../../parts/people";
import { Quoted } from "../../parts/Quoted";
import { paths } from "../../paths";
import { rolloutWords } from "../../text/en/schedules";
import { ago, exactTime } from "../../text/format";
import { Banner } from "../../ui/States";
import { Status } from "../../ui/Status";
import { Controls } from "./Controls";
import { Decisions } from "./Decisions";
import { Staircase } from "./Staircase";
import { schema } from "./search";
import { guardText, measured, percentText, responseOf, statusOf } from "./stairs";

export default function Rollout() {
  const { org, project, id } = useKeys();
  const { env = "" } = usePageSearch(schema);
  const environments = useQuery(environmentsQuery(org, project));
  const keys = (environments.data ?? []).map((each) => each.key);
  const found = useQuery({
    ...rolloutQuery({ org, project }, id, env === "" ? keys : [env, ...keys.filter((key) => key !== env)]),
    enabled: environments.isSuccess,
  });
  return (
    <Load query={environments}>
      {(list) => (
        <Load query={found} rows={8}>
          {(placed) => <Found placed={placed} environment={list.find((each) => each.key === placed.env)} />}
        </Load>
      )}
    </Load>
  );
}

function Found({ placed, environment }: { placed: PlacedRollout; environment: Environment | undefined }) {
  const { org, project } = useKeys();
  const nameOf = usePeople(org);
  const { env, rollout } = placed;
  const isStopped = rollout.state !== "running" && rollout.state !== "completed";
  return (
    <>
      <PageHead
        title={rolloutWords.of(rollout.flag, env)}
        mark={<Status kind={statusOf[rollout.state]} text={rolloutWords.states[rollout.state]} />}
        detail={
          <>
            <Link to={paths.editor(org, project, rollout.flag, env)}>{rollout.flag}</Link> ·{" "}
            {rollout.rule === null ? rolloutWords.everyone : rolloutWords.rule(rollout.rule)} ·{" "}
            {rolloutWords.from_to(rollout.from, rollout.to)} · {nameOf(rollout.created_by)}, {ago(rollout.created_at)}
          </>
        }
        actions={<Controls place={{ org, project }} placed={placed} environment={environment} />}
      />
      <PageBody>
        {isStopped && (rollout.reason !== null || rollout.detail !== "") && (
          <Banner tone={rollout.state === "rolled_back" || rollout.state === "turned_off" ? "danger" : "stale"}>
            <strong>{rolloutWords.why}</strong> <Quoted text={rollout.detail || (rollout.reason ?? "")} />
          </Banner>
        )}
        <Section
          title={rolloutWords.steps}
          detail={
            <>
              {rolloutWords.to(rollout.to, percentText(rollout.share))}
              {rollout.step_began_at && ` · ${rolloutWords.began(exactTime(rollout.step_began_at))}`}
              {rollout.next_look_at && ` · ${rolloutWords.look(ago(rollout.next_look_at))}`}
            </>
          }
        >
          <Staircase rollout={rollout} />
        </Section>
        <Section title={rolloutWords.guards}>
          {rollout.guards.length === 0 ? (
            <Muted>{rolloutWords.no_guards}</Muted>
          ) : (
            <Lines label={rolloutWords.guards}>
              {rollout.guards.map((guard, i) => {
                const found = measured(rollout)[i];
                const response = responseOf(guard);
                return (
                  <Line
                    // biome-ignore lint/suspicious/noArrayIndexKey: guards have nothing but their place
                    key={i}
                    end={<GuardState isOver={found?.value == null ? undefined : found.over} />}
                  >
                    <span>{guardText(guard)}</span>
                    <Muted>
                      {response && rolloutWords.on_breach(rolloutWords.responses[response])}
                      {found?.value != null && ` · ${rolloutWords.measured(String(found.value))}`}
                      {found?.detail && ` · ${found.detail}`}
                    </Muted>
                  </Line>
                );
              })}
            </Lines>
          )}
        </Section>
        <Decisions rollout={rollout} />
      </PageBody>
    </>
  );
}

function GuardState({ isOver }: { isOver: boolean | undefined }) {
  if (isOver === undefined) return <Status kind="unknown" text={rolloutWords.guard_unknown} />;
  return isOver ? (
    <Status kind="rejected" text={rolloutWords.guard_over} />
  ) : (
    <Status kind="on" text={rolloutWords.guard_fine} />
  );
}
