import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { isUnderWay, rolloutsQuery } from "../../api/queries/rollouts";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { useShortcuts } from "../../parts/keyboard";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { rolloutWords, scheduleWords } from "../../text/en/schedules";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import styles from "./Rollouts.module.css";
import { listSchema } from "./search";
import { percentText, statusOf } from "./stairs";

export default function RolloutList() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(listSchema);
  const setSearch = useSetSearch<typeof listSchema>();
  const environments = useQuery(environmentsQuery(org, project));
  const keys = (environments.data ?? []).map((env) => env.key);
  const rollouts = useQuery(rolloutsQuery(place, search.env ? [search.env] : keys));
  const may = useMay();
  const go = useGo();
  const create = () => go(paths.newRollout(org, project));
  useShortcuts({ c: may("edit", org, project) ? create : undefined });
  const isEnded = search.state === "ended";
  return (
    <>
      <PageHead
        title={rolloutWords.title}
        detail={rolloutWords.detail}
        actions={
          may("edit", org, project) && (
            <Button kind="primary" icon="add" keys="c" onPress={create}>
              {rolloutWords.create}
            </Button>
          )
        }
      />
      <PageBody>
        <div className={styles.tools}>
          <EnvironmentPicker
            label={scheduleWords.environment}
            environments={environments.data ?? []}
            value={search.env ?? ""}
            all={scheduleWords.all_environments}
            onChange={(env) => setSearch({ env: env || undefined })}
          />
          <Choice
            label={rolloutWords.state}
            value={search.state ?? "under_way"}
            options={[
              { id: "under_way", label: rolloutWords.under_way },
              { id: "ended", label: rolloutWords.ended },
            ]}
            onChange={(id) => setSearch({ state: id === "ended" ? id : undefined })}
          />
        </div>
        <Load query={rollouts}>
          {(all) => {
            const shown = all.filter(({ rollout }) => isUnderWay(rollout.state) !== isEnded);
            if (shown.length === 0)
              return isEnded ? (
                <Empty title={rolloutWords.none_ended} />
              ) : (
                <Empty title={rolloutWords.empty} detail={rolloutWords.empty_detail} />
              );
            return (
              <Lines label={rolloutWords.list}>
                {shown.map(({ env, rollout }) => (
                  <Line
                    key={rollout.id}
                    end={<Status kind={statusOf[rollout.state]} text={rolloutWords.states[rollout.state]} />}
                  >
                    <Link to={paths.rollout(org, project, rollout.id, env)}>{rolloutWords.of(rollout.flag, env)}</Link>
                    <Muted>
                      {rolloutWords.to(rollout.to, percentText(rollout.share))} ·{" "}
                      {rolloutWords.step_of(rollout.step, rollout.steps.length)} · {ago(rollout.created_at)}
                      {rollout.detail && ` · ${rollout.detail}`}
                    </Muted>
                  </Line>
                ))}
              </Lines>
            );
          }}
        </Load>
      </PageBody>
    </>
  );
}
