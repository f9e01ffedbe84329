import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { type FlagEntry, flagIndexQuery } from "../../api/queries/flag_index";
import { type Environment, environmentsQuery } from "../../api/queries/projects";
import { conditionText, excluding, filterToSearch, searchToFilter, without } from "../../model/index";
import { useShortcuts } from "../../parts/keyboard";
import { Link } from "../../parts/Link";
import { keepList } from "../../parts/list_walk";
import { PageBody, PageHead } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay, useMe } from "../../parts/session";
import { paths } from "../../paths";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { Empty, Loading, NothingFound } from "../../ui/States";
import { focusActiveRow, VirtualTable } from "../../ui/VirtualTable";
import { BulkBar } from "./BulkBar";
import styles from "./FlagList.module.css";
import { filterSchema, schema } from "./search";
import { Tools } from "./Tools";
import { useColumns } from "./use_columns";
import { useFilterText } from "./use_filter_text";
import { usePrefetch } from "./use_prefetch";
import { usePress } from "./use_press";
import { type Rows, useRows } from "./use_rows";
import { useSelection } from "./use_selection";

const filterNames = Object.keys(filterSchema) as (keyof typeof filterSchema)[];
const filterOf = (search: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(filterNames.map((name) => [name, search[name]])) as Record<string, string | undefined>;
// The parameters of a filter, with those that it does not have.
const addressOf = (text: string) => ({
  ...Object.fromEntries(filterNames.map((name) => [name, undefined])),
  ...filterToSearch(text),
});

const keyOf = (flag: FlagEntry) => flag.key;
const noEnvironments: readonly Environment[] = [];
const noFlags: readonly FlagEntry[] = [];

export default function FlagList() {
  const { org, project } = useKeys();
  const place = useMemo(() => ({ org, project }), [org, project]);
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const [text, setText] = useFilterText(searchToFilter(filterOf(search)), (typed) => setSearch(addressOf(typed)));
  const index = useQuery(flagIndexQuery(org, project));
  const environments = useQuery(environmentsQuery(org, project)).data ?? noEnvironments;
  const me = useMe();
  const may = useMay();
  const go = useGo();
  const [active, setActive] = useState(0);
  const { onState, dialog } = usePress(place);
  const prefetch = usePrefetch(place);
  const input = useRef<HTMLInputElement>(null);

  const order = search.sort ?? "key";
  const flags = index.data?.flags ?? noFlags;
  const { all, filter, context, rows } = useRows(flags, text, order, me?.user?.email ?? "");
  const selection = useSelection(rows);
  const at = Math.min(active, rows.length - 1);

  const { columns, chosen, shownEnv } = useColumns({
    ...{ place, environments, order, onState, onIntent: prefetch },
    cols: search.cols,
    env: search.env,
    onOrder: (sort) => setSearch({ sort: sort === "key" ? undefined : sort }),
  });

  const mayCreate = may("edit", org, project);
  const open = useCallback(
    (flag: FlagEntry) => {
      keepList(place, rows.map(keyOf));
      go(paths.flag(org, project, flag.key));
    },
    [rows, place, org, project, go],
  );
  useShortcuts({
    "/": () => input.current?.focus(),
    j: focusActiveRow,
    k: focusActiveRow,
    x: () => rows[at] && selection.toggle(rows[at], false),
    "Shift+X": () => selection.setAll(true),
    c: mayCreate ? () => go(paths.newFlag(org, project)) : undefined,
  });

  const create = mayCreate && (
    <Button kind="primary" icon="add" keys="c" onPress={() => go(paths.newFlag(org, project))}>
      {flagsWords.create}
    </Button>
  );
  return (
    <div className={styles.page}>
      <PageHead
        title={flagsWords.title}
        actions={
          <>
            <Link to={paths.archivedFlags(org, project)}>{flagsWords.archived_link}</Link>
            {create}
          </>
        }
      />
      <Tools
        place={place}
        text={text}
        onText={setText}
        inputRef={input}
        onEnter={() => {
          setActive(0);
          focusActiveRow();
        }}
        environments={environments}
        rows={all}
        shown={rows.length}
        columns={chosen}
        onColumns={(cols) => setSearch({ cols })}
        order={order}
        env={shownEnv}
        onEnv={(env) => setSearch({ env })}
        view={search.view}
        onView={(changes) => {
          const { filter: chosenText, ...others } = changes;
          if (chosenText !== undefined) setText(chosenText);
          setSearch({ ...others, ...(chosenText === undefined ? {} : addressOf(chosenText)) }, false);
        }}
      />
      <Notes
        unknown={filter.errors.map(({ from, to }) => text.slice(from, to))}
        hasMore={index.data?.has_more ?? false}
      />
      {index.isPending && <Loading rows={12} />}
      {index.isError && index.data === undefined && (
        <PageBody>
          <Problem error={index.error} onRetry={() => void index.refetch()} />
        </PageBody>
      )}
      {index.data && flags.length === 0 && (
        <PageBody>
          <Empty title={flagsWords.empty} detail={flagsWords.empty_detail} actions={create} />
        </PageBody>
      )}
      {flags.length > 0 && (
        <VirtualTable
          label={flagsWords.title}
          rows={rows}
          idOf={keyOf}
          columns={columns}
          active={at}
          onActive={(index) => {
            setActive(index);
            prefetch(rows[index]);
          }}
          onOpen={open}
          selected={selection.selected}
          onSelect={selection.toggle}
          onSelectAll={selection.setAll}
          empty={
            <PageBody>
              <Nothing rows={all} filter={filter} context={context} text={text} onText={setText} />
            </PageBody>
          }
        />
      )}
      <BulkBar
        place={place}
        environments={environments}
        selected={selection.selected}
        flags={flags}
        onClear={() => selection.setAll(false)}
        onDone={selection.remove}
      />
      {dialog}
    </div>
  );
}

interface NothingProps extends Pick<Rows, "filter" | "context"> {
  rows: Rows["all"];
  text: string;
  onText: (text: string) => void;
}

// Which term alone excludes everything; where none does, all of them are named.
function Nothing({ rows, filter, context, text, onText }: NothingProps) {
  const single = excluding(rows, filter, context).map(({ condition }) => condition);
  const named = single.length > 0 ? single : filter.conditions;
  return (
    <NothingFound
      filters={named.map(conditionText)}
      onRemove={(term) => {
        const condition = named.find((one) => conditionText(one) === term);
        if (condition) onText(without(text, condition));
      }}
    />
  );
}

function Notes({ unknown, hasMore }: { unknown: readonly string[]; hasMore: boolean }) {
  return (
    <div role="status">
      {unknown.map((term) => (
        <p key={term} className={styles.note}>
          {flagsWords.bad_term(term)}
        </p>
      ))}
      {hasMore && <p className={styles.note}>{flagsWords.has_more}</p>}
    </div>
  );
}
