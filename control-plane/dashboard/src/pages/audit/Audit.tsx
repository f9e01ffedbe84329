import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { LiveChange } from "../../api/events";
import { type AuditEntry, auditEntryQuery, auditQuery, exportUrl } from "../../api/queries/audit";
import { queries } from "../../api/query";
import { useShortcuts } from "../../parts/keyboard";
import { useChanges } from "../../parts/live";
import { PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { auditWords } from "../../text/en/audit";
import { timeZone } from "../../text/format";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Menu } from "../../ui/Menu";
import { Banner } from "../../ui/States";
import { Switch } from "../../ui/Switch";
import styles from "./Audit.module.css";
import { ChainState } from "./ChainState";
import { DayStrip } from "./DayStrip";
import { Filters } from "./Filters";
import { type AuditSearch, badTimes, dateIn, filterOf } from "./filter";
import { type Change, foldComing, groupEntries, isRevertible } from "./groups";
import { schema } from "./search";
import { Timeline } from "./Timeline";

const RevertDialog = later(() => import("./RevertDialog"));
const noChanges: readonly Change[] = [];

export default function Audit() {
  const { org } = useKeys();
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const [opened] = useState(() => Date.now());
  const filter = useMemo(() => filterOf(search, opened), [search, opened]);
  const list = useInfiniteQuery(auditQuery(org, filter));
  const [active, setActive] = useState(-1);
  const [reverted, setReverted] = useState<AuditEntry>();
  const may = useMay();
  const input = useRef<HTMLDivElement>(null);
  const changes = useMemo(
    () => (list.data ? changesOf(list.data.pages, search.action) : noChanges),
    [list.data, search.action],
  );
  const newer = useTail(org, search.follow === "1" && search.to === undefined, list.dataUpdatedAt);

  // The one that the address names may be older than what is loaded, or left out by the filter.
  const isShown = changes.some((change) => change.entries.some((entry) => entry.id === search.entry));
  const single = useQuery({
    ...auditEntryQuery(org, search.entry ?? ""),
    enabled: search.entry !== undefined && list.isSuccess && !isShown,
  });
  const shown = useMemo(
    () => (single.data && !isShown ? [{ id: single.data.id, entries: [single.data] }, ...changes] : changes),
    [single.data, isShown, changes],
  );

  const change = (changed: AuditSearch) => {
    setActive(-1);
    setSearch({ ...changed, entry: undefined });
  };
  const move = (step: number) => {
    const places = shown.flatMap(({ isComing }, at) => (isComing ? [] : [at]));
    const next = step > 0 ? places.find((at) => at > active) : places.findLast((at) => at < active);
    if (next === undefined) return;
    setActive(next);
    document.querySelector<HTMLElement>(`[data-change="${shown[next]?.id}"] button[aria-expanded]`)?.focus();
  };
  const first = shown[active]?.entries[0];
  const current =
    first && isRevertible(first) && may("edit", org, /^projects\/([^/]+)/.exec(first.resource)?.[1])
      ? first
      : undefined;
  useShortcuts({
    "/": () => input.current?.querySelector("input")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    u: current ? () => setReverted(current) : undefined,
  });

  const exports = (["ndjson", "csv"] as const).map((format) => ({
    id: format,
    label: format === "csv" ? auditWords.export_csv : auditWords.export_ndjson,
    onAction: () => window.location.assign(exportUrl(org, filterOf(search, Date.now()), format)),
  }));
  return (
    <>
      <PageHead
        title={auditWords.title}
        detail={auditWords.detail}
        actions={
          <Menu
            label={auditWords.export_as}
            trigger={<Button icon="external">{auditWords.export_as}</Button>}
            groups={[{ id: "formats", actions: exports }]}
          />
        }
      />
      <PageBody>
        <ChainState org={org} filter={filter} />
        <Filters org={org} search={search} onChange={change} inputRef={input}>
          <Switch isOn={search.follow === "1"} onChange={(isOn) => setSearch({ follow: isOn ? "1" : undefined })}>
            {auditWords.follow}
          </Switch>
        </Filters>
        <DayStrip search={search} onChange={change} />
        {badTimes(search).map((text) => (
          <Banner key={text} tone="danger">
            {auditWords.bad_time(text)}
          </Banner>
        ))}
        {newer > 0 && (
          <Banner tone="info">
            {auditWords.newer(newer)}
            <Button kind="quiet" onPress={() => void list.refetch()}>
              {auditWords.show_newer}
            </Button>
          </Banner>
        )}
        <div className={styles.timeline}>
          <Timeline
            org={org}
            list={list}
            changes={shown}
            search={search}
            active={active}
            onActive={setActive}
            onOpen={(entry) => setSearch({ entry })}
            onRevert={setReverted}
            onRemove={(name) => change({ [name]: undefined })}
          />
        </div>
      </PageBody>
      <Suspense>
        {reverted && <RevertDialog org={org} entry={reverted} onClose={() => setReverted(undefined)} />}
      </Suspense>
    </>
  );
}

// Whoever asks for sign-ins sees each of them.
function changesOf(pages: readonly { entries: readonly AuditEntry[] }[], action: string | undefined): Change[] {
  const all = groupEntries(pages.flatMap((page) => page.entries));
  return action?.startsWith("session.") ? all : foldComing(all, (at) => dateIn(at, timeZone()));
}

// How many changes came since the list was read; followed, it is read again at each.
function useTail(org: string, isFollowing: boolean, readAt: number): number {
  const [newer, setNewer] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read has them
  useEffect(() => setNewer(0), [readAt]);
  useChanges(
    useCallback(
      (change: LiveChange) => {
        if (change.action.startsWith("session.")) return; // people come and go all day
        if (isFollowing) void queries.invalidateQueries({ queryKey: ["orgs", org, "audit", { view: "list" }] });
        else setNewer((n) => n + 1);
      },
      [org, isFollowing],
    ),
  );
  return newer;
}
