import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "../../api/queries/projects";
import { seriesQuery } from "../../api/queries/series";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { Load } from "../../parts/Load";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { Chart } from "../evaluations/Chart";
import styles from "../evaluations/Evaluations.module.css";
import { addressOf, SeriesTools } from "../evaluations/SeriesTools";
import { ranges, type schema } from "../evaluations/search";
import { FlagFrame } from "./FlagFrame";
import { evaluationsSchema } from "./search";

// /{org}/{project}/flags/{flag}/{env}/evaluations
export default function FlagEvaluations() {
  return <FlagFrame section="evaluations">{(flag) => <Series flag={flag.key} />}</FlagFrame>;
}

function Series({ flag }: { flag: string }) {
  const { org, project, env } = useKeys();
  const place = { org, project };
  const { range = "24h", by = "variation", as = "stacked" } = usePageSearch(evaluationsSchema);
  const setSearch = useSetSearch<typeof schema>();
  const go = useGo();
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const asked = { env, flag, by, ...ranges[range] };
  const series = useQuery(seriesQuery(place, asked));
  return (
    <>
      <search className={styles.tools}>
        <EnvironmentPicker
          label={flagWords.environment}
          environments={environments}
          value={env}
          onChange={(next) => go(paths.editorPart(org, project, flag, next, "evaluations") + window.location.search)}
        />
        <SeriesTools chosen={{ range, by, as }} onChange={(chosen) => setSearch(addressOf(chosen))} />
      </search>
      <Load query={series} rows={8}>
        {(data) => <Chart place={place} asked={asked} series={data} as={as} />}
      </Load>
    </>
  );
}
