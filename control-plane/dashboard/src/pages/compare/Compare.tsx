import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { environmentsQuery } from "../../api/queries/projects";
import { comparisonQuery, type ItemDifferences } from "../../api/queries/promotion";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { itemId } from "../../parts/items";
import { Load } from "../../parts/Load";
import { PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { compareWords } from "../../text/en/compare";
import { IconButton } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Empty } from "../../ui/States";
import styles from "./Compare.module.css";
import { DifferenceList } from "./DifferenceList";
import { Promotion } from "./Promotion";
import { SameList } from "./SameList";
import { schema } from "./search";
import { pair } from "./select";
import { isPast, sideOf } from "./sides";
import { VersionDifferences } from "./VersionDifferences";

const nothing: readonly string[] = [];

// Two environments, or two versions of what environments serve.
export default function Compare() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const [from, to] = [sideOf(search.from), sideOf(search.to)];
  if (!(isPast(search.from) || isPast(search.to)) || !from || !to) return <Environments />;
  return (
    <>
      <PageHead
        title={compareWords.title}
        detail={compareWords.detail}
        documentTitle={`${search.from} → ${search.to}`}
      />
      <PageBody>
        <VersionDifferences
          place={place}
          from={from}
          to={to}
          open={search.open}
          onOpen={(item) => setSearch({ open: item })}
        />
      </PageBody>
    </>
  );
}

function Environments() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const environments = useQuery(environmentsQuery(org, project));
  const envs = environments.data ?? [];
  const { from, to } = pair(envs, search.from, search.to);
  const isPair = from !== "" && to !== "" && from !== to;
  const comparison = useQuery({ ...comparisonQuery(place, from, to), enabled: isPair });
  const selected = useMemo(() => new Set(search.sel ?? nothing), [search.sel]);
  const select = (ids: ReadonlySet<string>) => setSearch({ sel: ids.size > 0 ? [...ids] : undefined });
  const target = envs.find((env) => env.key === to);

  return (
    <>
      <PageHead title={compareWords.title} detail={compareWords.detail} documentTitle={`${from} → ${to}`} />
      <PageBody>
        <Load query={environments}>
          {(list) =>
            list.length < 2 ? (
              <Empty title={compareWords.one_environment} detail={compareWords.one_environment_detail} />
            ) : (
              <div className={styles.pickers}>
                <EnvironmentPicker
                  label={compareWords.from}
                  environments={list}
                  value={from}
                  onChange={(env) => setSearch({ from: env, to })}
                />
                <IconButton
                  icon="compare"
                  label={compareWords.swap}
                  onPress={() => setSearch({ from: to, to: from })}
                />
                <EnvironmentPicker
                  label={compareWords.to}
                  environments={list}
                  value={to}
                  onChange={(env) => setSearch({ from, to: env })}
                />
                <Choice
                  label={compareWords.show}
                  value={search.only ?? "differs"}
                  options={[
                    { id: "differs", label: compareWords.differs },
                    { id: "same", label: compareWords.same },
                  ]}
                  onChange={(only) => setSearch({ only: only === "same" ? "same" : undefined })}
                />
              </div>
            )
          }
        </Load>
        {!isPair && envs.length > 1 && <p role="status">{compareWords.same_environment}</p>}
        {isPair && (
          <Load query={comparison} rows={8}>
            {(data) =>
              search.only === "same" ? (
                <SameList place={place} env={to} differing={data.items} />
              ) : (
                <>
                  <Promotion
                    place={place}
                    from={from}
                    target={target}
                    version={data.from_version}
                    items={data.items}
                    selected={selected}
                    search={search}
                    onChange={setSearch}
                  />
                  <DifferenceList
                    place={place}
                    from={from}
                    to={to}
                    items={data.items}
                    selected={selected}
                    onSelect={select}
                    open={search.open}
                    onOpen={(item) => setSearch({ open: item })}
                    onAll={() => select(allOf(data.items, selected))}
                  />
                </>
              )
            }
          </Load>
        )}
      </PageBody>
    </>
  );
}

// All, or when all are selected none.
function allOf(items: readonly ItemDifferences[], selected: ReadonlySet<string>): ReadonlySet<string> {
  const all = items.map(itemId);
  return all.every((id) => selected.has(id)) ? new Set() : new Set(all);
}
