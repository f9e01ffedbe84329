import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { schedulesQuery } from "../../api/queries/schedules";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { Load } from "../../parts/Load";
import { Lines, PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { scheduleWords } from "../../text/en/schedules";
import { Choice } from "../../ui/Choice";
import { Empty } from "../../ui/States";
import { Calendar } from "./Calendar";
import { ScheduleLine } from "./ScheduleLine";
import styles from "./Schedules.module.css";
import { schema } from "./search";
import { byTime, isWaiting } from "./when";

export default function Schedules() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const environments = useQuery(environmentsQuery(org, project));
  const keys = (environments.data ?? []).map((env) => env.key);
  const schedules = useQuery(schedulesQuery(place, search.env ? [search.env] : keys));
  return (
    <>
      <PageHead title={scheduleWords.title} detail={scheduleWords.detail} />
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
            label={scheduleWords.state}
            value={search.state ?? "waiting"}
            options={[
              { id: "waiting", label: scheduleWords.waiting },
              { id: "ended", label: scheduleWords.ended },
            ]}
            onChange={(id) => setSearch({ state: id === "ended" ? id : undefined })}
          />
          <Choice
            label={scheduleWords.view}
            value={search.as ?? "list"}
            options={[
              { id: "list", label: scheduleWords.as_list },
              { id: "calendar", label: scheduleWords.as_calendar },
            ]}
            onChange={(id) => setSearch({ as: id === "calendar" ? id : undefined })}
          />
        </div>
        <Load query={schedules}>
          {(all) => {
            const shown = byTime(all.filter(({ schedule }) => isWaiting(schedule) === (search.state === undefined)));
            if (search.as === "calendar")
              return (
                <Calendar
                  place={place}
                  schedules={shown}
                  month={search.month}
                  onMonth={(month) => setSearch({ month })}
                />
              );
            if (shown.length === 0) return <Empty title={scheduleWords.empty} detail={scheduleWords.empty_detail} />;
            const environmentOf = (key: string) => environments.data?.find((env) => env.key === key);
            return (
              <Lines label={scheduleWords.list}>
                {shown.map((placed) => (
                  <ScheduleLine
                    key={placed.schedule.id}
                    place={place}
                    placed={placed}
                    environment={environmentOf(placed.env)}
                  />
                ))}
              </Lines>
            );
          }}
        </Load>
      </PageBody>
    </>
  );
}
