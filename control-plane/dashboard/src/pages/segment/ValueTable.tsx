import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type ListPlace, membersPage, segmentKey } from "../../api/queries/segments";
import { Buttons, Muted } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Empty, Loading, State } from "../../ui/States";
import { type Column, VirtualTable } from "../../ui/VirtualTable";
import styles from "./Segment.module.css";

interface ValueTableProps {
  place: ListPlace;
  q: string;
  onQuery: (q: string) => void;
  onRemove: ((values: readonly string[]) => void) | undefined;
}

const columns: Column<string>[] = [
  { id: "value", head: segmentWords.value, width: "1fr", cell: (value) => <code>{value}</code> },
];
const none: ReadonlySet<string> = new Set();

// The values of a list, in pages that the server gives; what is searched for, it searches.
export function ValueTable({ place, q, onQuery, onRemove }: ValueTableProps) {
  const query = useInfiniteQuery({
    queryKey: [
      ...segmentKey(place),
      "environments",
      place.env,
      "members",
      place.list,
      { attribute: place.attribute, q },
    ],
    queryFn: ({ pageParam, signal }) => membersPage(place, q, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const [active, setActive] = useState(0);
  const [selected, setSelected] = useState(none);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected belongs to the list that is shown
  useEffect(() => setSelected(none), [place, q, query.data?.pages[0]]);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? 0;
  if (query.isError && query.data === undefined)
    return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Loading rows={5} />;
  if (total === 0 && q === "") return <Empty title={segmentWords.no_values} detail={segmentWords.no_values_detail} />;
  const toggle = (value: string) =>
    setSelected(new Set(selected.has(value) ? [...selected].filter((one) => one !== value) : [...selected, value]));
  return (
    <>
      <search className={styles.search}>
        <SearchField label={segmentWords.search} value={q} onChange={onQuery} />
        <Muted>{segmentWords.shown(rows.length, total)}</Muted>
        {selected.size > 0 && onRemove && (
          <Button onPress={() => onRemove([...selected])}>{segmentWords.remove_selected(selected.size)}</Button>
        )}
      </search>
      {rows.length === 0 ? (
        <State title={segmentWords.no_match(q)} />
      ) : (
        <div className={styles.values}>
          <VirtualTable
            label={segmentWords.members}
            rows={rows}
            idOf={(value) => value}
            columns={columns}
            active={Math.min(active, rows.length - 1)}
            onActive={setActive}
            {...(onRemove
              ? {
                  selected,
                  onSelect: toggle,
                  onSelectAll: (isSelected: boolean) => setSelected(isSelected ? new Set(rows) : none),
                }
              : {})}
          />
        </div>
      )}
      {query.hasNextPage && (
        <Buttons>
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {segmentWords.more}
          </Button>
        </Buttons>
      )}
    </>
  );
}
