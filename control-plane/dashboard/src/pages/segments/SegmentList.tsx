import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { type Segment, segmentsQuery } from "../../api/queries/segments";
import { useShortcuts } from "../../parts/keyboard";
import { ListPage, ListTools, NameCell } from "../../parts/ListPage";
import { PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Empty, Loading, NothingFound } from "../../ui/States";
import { Status } from "../../ui/Status";
import { useIsNarrow } from "../../ui/use_media";
import { type Column, focusActiveRow, VirtualTable } from "../../ui/VirtualTable";
import { schema } from "./search";

const matches = ({ key, name, tags, owner }: Segment, words: readonly string[]): boolean => {
  const held = `${key} ${name} ${tags.join(" ")} ${owner}`.toLowerCase();
  return words.every((word) => held.includes(word));
};

export default function SegmentList() {
  const { org, project } = useKeys();
  const { q = "" } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const segments = useQuery(segmentsQuery({ org, project }));
  const may = useMay();
  const go = useGo();
  const input = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(0);
  const isNarrow = useIsNarrow();
  const columns = useMemo(() => columnsOf(org, project, isNarrow), [org, project, isNarrow]);
  const rows = useMemo(() => {
    const words = q.toLowerCase().split(/\s+/);
    return (segments.data ?? []).filter((segment) => matches(segment, words));
  }, [segments.data, q]);
  const mayCreate = may("edit", org, project);
  const create = mayCreate && (
    <Button kind="primary" icon="add" keys="c" onPress={() => go(paths.newSegment(org, project))}>
      {segmentWords.create}
    </Button>
  );
  useShortcuts({
    "/": () => input.current?.focus(),
    j: focusActiveRow,
    k: focusActiveRow,
    c: mayCreate ? () => go(paths.newSegment(org, project)) : undefined,
  });
  return (
    <ListPage>
      <PageHead title={segmentWords.title} detail={segmentWords.detail} actions={create} />
      {segments.isPending && <Loading rows={8} />}
      {segments.isError && segments.data === undefined && (
        <PageBody>
          <Problem error={segments.error} onRetry={() => void segments.refetch()} />
        </PageBody>
      )}
      {segments.data?.length === 0 && (
        <PageBody>
          <Empty title={segmentWords.empty} detail={segmentWords.empty_detail} actions={create} />
        </PageBody>
      )}
      {segments.data && segments.data.length > 0 && (
        <>
          <ListTools>
            <SearchField
              ref={input}
              label={segmentWords.filter}
              value={q}
              onChange={(text) => setSearch({ q: text || undefined })}
              onEnter={focusActiveRow}
            />
            <span role="status">{segmentWords.n_segments(rows.length, segments.data.length)}</span>
          </ListTools>
          <VirtualTable
            label={segmentWords.title}
            rows={rows}
            idOf={(segment) => segment.key}
            columns={columns}
            active={Math.min(active, rows.length - 1)}
            onActive={setActive}
            onOpen={(segment) => go(paths.segment(org, project, segment.key))}
            empty={
              <PageBody>
                <NothingFound filters={[segmentWords.words_filter(q)]} onRemove={() => setSearch({ q: undefined })} />
              </PageBody>
            }
          />
        </>
      )}
    </ListPage>
  );
}

function columnsOf(org: string, project: string, isNarrow: boolean): Column<Segment>[] {
  const name: Column<Segment> = {
    id: "name",
    head: segmentWords.segment,
    width: "minmax(160px, 2fr)",
    cell: (segment, isActive) => (
      <>
        <NameCell
          to={paths.segment(org, project, segment.key)}
          name={segment.name}
          code={segment.key}
          isActive={isActive}
        />
        {segment.archived && <Status kind="archived" />}
      </>
    ),
  };
  const changed: Column<Segment> = {
    id: "changed",
    head: segmentWords.changed,
    width: "88px",
    isEnd: true,
    cell: ({ updated_at }) => <time dateTime={updated_at}>{ago(updated_at)}</time>,
  };
  if (isNarrow) return [name, changed];
  return [
    name,
    { id: "tags", head: segmentWords.tags, width: "minmax(80px, 1fr)", cell: ({ tags }) => tags.join(", ") },
    { id: "owner", head: segmentWords.owner, width: "minmax(80px, 1fr)", cell: ({ owner }) => owner },
    {
      id: "client",
      head: segmentWords.client,
      width: "96px",
      cell: ({ client }) => (client ? segmentWords.client_yes : ""),
    },
    changed,
  ];
}
