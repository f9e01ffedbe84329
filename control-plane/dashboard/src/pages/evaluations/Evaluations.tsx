import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { environmentsQuery } from "../../api/queries/projects";
import { seriesQuery } from "../../api/queries/series";
import { Load } from "../../parts/Load";
import { PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { evaluationsWords } from "../../text/en/evaluations";
import { ComboBox, Select } from "../../ui/Select";
import { Empty } from "../../ui/States";
import { Chart } from "./Chart";
import styles from "./Evaluations.module.css";
import { addressOf, SeriesTools } from "./SeriesTools";
import { ranges, schema } from "./search";

const most = 40;

export default function Evaluations() {
  const { org, project } = useKeys();
  const place = { org, project };
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const places = useQuery(environmentsQuery(org, project));
  const environments = places.data ?? [];
  const flags = useQuery(flagIndexQuery(org, project)).data?.flags ?? [];
  const env = search.env ?? environments.find((one) => one.protected)?.key ?? environments[0]?.key ?? "";
  const [typed, setTyped] = useState(search.flag ?? "");
  const { range = "24h", by = "variation", flag } = search;
  const as = search.as ?? "stacked";
  const asked = { env, flag, by, ...ranges[range] };
  const series = useQuery({ ...seriesQuery(place, asked), enabled: env !== "" });
  const wanted = typed.toLowerCase();
  const found = flags.filter((one) => one.key.toLowerCase().includes(wanted)).slice(0, most);
  return (
    <>
      <PageHead title={evaluationsWords.title} detail={evaluationsWords.detail} />
      <PageBody>
        <search className={styles.tools}>
          <Select
            label={evaluationsWords.environment}
            value={env}
            options={environments.map(({ key, name }) => ({ id: key, label: name || key }))}
            onChange={(id) => setSearch({ env: id })}
          />
          <ComboBox
            label={evaluationsWords.flag}
            {...(flag === undefined ? { hint: evaluationsWords.all_flags } : {})}
            value={flag ?? null}
            input={typed}
            onInput={(text) => {
              setTyped(text);
              if (text === "") setSearch({ flag: undefined });
            }}
            options={found.map(({ key, name }) => ({ id: key, label: key, ...(name ? { detail: name } : {}) }))}
            onChange={(key) => key !== null && setSearch({ flag: key })}
          />
          <SeriesTools chosen={{ range, by, as }} onChange={(chosen) => setSearch(addressOf(chosen))} />
        </search>
        {env === "" ? (
          <Load query={places}>{() => <Empty title={evaluationsWords.no_environment} />}</Load>
        ) : (
          <Load query={series} rows={8}>
            {(data) => <Chart place={place} asked={asked} series={data} as={as} />}
          </Load>
        )}
      </PageBody>
    </>
  );
}
