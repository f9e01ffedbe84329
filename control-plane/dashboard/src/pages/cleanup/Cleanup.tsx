import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { lifecycleQuery, neverAskedQuery } from "../../api/queries/lifecycle";
import { useShortcuts } from "../../parts/keyboard";
import { ListPage } from "../../parts/ListPage";
import { keepList } from "../../parts/list_walk";
import { PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { cleanupWords } from "../../text/en/cleanup";
import { Empty, Loading, NothingFound } from "../../ui/States";
import { useIsNarrow } from "../../ui/use_media";
import { focusActiveRow, VirtualTable } from "../../ui/VirtualTable";
import { type Candidate, candidatesOf, filtered } from "./candidates";
import { columnsOf } from "./columns";
import { Filters } from "./Filters";
import { SelectionBar } from "./SelectionBar";
import { schema } from "./search";
import { Thresholds } from "./Thresholds";

const keyOf = (one: Candidate) => one.key;

export default function Cleanup() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const isSnoozed = search.snoozed === "1";
  const lifecycle = useQuery(lifecycleQuery(place, search.env, isSnoozed));
  const snoozes = useQuery({ ...lifecycleQuery(place, search.env, true), enabled: !isSnoozed }).data;
  const never = useQuery(neverAskedQuery(place));
  const flags = useQuery(flagIndexQuery(org, project)).data?.flags ?? [];
  const go = useGo();
  const may = useMay();
  const [active, setActive] = useState(0);
  const isNarrow = useIsNarrow();
  const all = useMemo(() => {
    // What nobody ever asked for is listed by another route, which does not know of snoozes.
    const asleep = new Set(snoozes?.map((one) => one.flag));
    const unasked = isSnoozed ? [] : (never.data ?? []).filter((flag) => !asleep.has(flag.key));
    return candidatesOf(lifecycle.data ?? [], unasked, search.env);
  }, [lifecycle.data, never.data, snoozes, isSnoozed, search.env]);
  const rows = useMemo(() => filtered(all, search.reason, search.owner), [all, search.reason, search.owner]);
  const selected = useMemo(
    () => new Set((search.sel ?? []).filter((key) => rows.some((row) => row.key === key))),
    [search.sel, rows],
  );
  const select = useCallback(
    (keys: readonly string[]) => setSearch({ sel: keys.length > 0 ? keys : undefined }),
    [setSearch],
  );
  const toggle = ({ key }: Candidate) =>
    select(selected.has(key) ? [...selected].filter((one) => one !== key) : [...selected, key]);
  const selectAll = () => select(rows.map(keyOf));
  const at = Math.min(active, rows.length - 1);
  const columns = useMemo(() => columnsOf(org, project, isNarrow, isSnoozed), [org, project, isNarrow, isSnoozed]);
  useShortcuts({
    j: focusActiveRow,
    k: focusActiveRow,
    x: () => rows[at] && toggle(rows[at]),
    "Shift+X": selectAll,
  });
  const failed = [lifecycle, never].find((query) => query.isError && query.data === undefined);
  const isPending = lifecycle.isPending || never.isPending;
  const filters = [search.reason && cleanupWords.reasons[search.reason], search.owner].filter(
    (one) => one !== undefined,
  );
  return (
    <ListPage>
      <PageHead
        title={cleanupWords.title}
        detail={cleanupWords.detail}
        actions={<Thresholds place={place} mayEdit={may("edit", org, project)} />}
      />
      <Filters all={all} shown={rows.length} search={search} onChange={(changes) => setSearch(changes)} place={place} />
      {failed ? (
        <PageBody>
          <Problem error={failed.error} onRetry={() => void failed.refetch()} />
        </PageBody>
      ) : isPending ? (
        <Loading rows={10} />
      ) : all.length === 0 ? (
        <PageBody>
          {isSnoozed ? (
            <Empty title={cleanupWords.empty_snoozed} detail={cleanupWords.empty_snoozed_detail} />
          ) : (
            <Empty title={cleanupWords.empty} detail={cleanupWords.empty_detail} />
          )}
        </PageBody>
      ) : (
        <VirtualTable
          label={cleanupWords.title}
          rows={rows}
          idOf={keyOf}
          columns={columns}
          active={at}
          onActive={setActive}
          onOpen={({ key }) => {
            keepList(place, rows.map(keyOf));
            go(paths.flag(org, project, key));
          }}
          selected={selected}
          onSelect={toggle}
          onSelectAll={(isSelected) => (isSelected ? selectAll() : select([]))}
          empty={
            <PageBody>
              <NothingFound
                filters={filters}
                onRemove={(filter) => setSearch(filter === search.owner ? { owner: undefined } : { reason: undefined })}
              />
            </PageBody>
          }
        />
      )}
      {selected.size > 0 && (
        <SelectionBar
          place={place}
          chosen={rows.filter((row) => selected.has(row.key))}
          flags={flags}
          isSnoozed={isSnoozed}
          onClear={() => select([])}
        />
      )}
    </ListPage>
  );
}
