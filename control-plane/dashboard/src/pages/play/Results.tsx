import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { exportCsv } from "../../model/index";
import { Buttons, Muted } from "../../parts/PageHead";
import { saveFile } from "../../parts/save_file";
import { playWords } from "../../text/en/play";
import { count } from "../../text/format";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { DataTable } from "../../ui/DataTable";
import { Checkbox } from "../../ui/Switch";
import { type Column as TableColumn, VirtualTable } from "../../ui/VirtualTable";
import type { Asking } from "./ExplainSheet";
import { beforeText, type Column, cellText, changedContexts, columnsOf, exportRows, groupsOf, isChanged } from "./grid";
import styles from "./Play.module.css";
import type { State } from "./use_answers";

const ExplainSheet = lazy(() => import("./ExplainSheet"));
const unset = playWords.callers_default;
const mostColumns = 40;
const some = 3;

interface ResultsProps {
  state: Required<Pick<State, "results" | "rulesets" | "contexts" | "at">> & { milliseconds?: number };
  by: "answer" | undefined;
  onBy: (by: "answer" | undefined) => void;
  isOnlyChanged: boolean;
  onOnlyChanged: (isOnly: boolean) => void;
}

// Who gets what, a row for each context or for each answer.
export function Results({ state, by, onBy, isOnlyChanged, onOnlyChanged }: ResultsProps) {
  const { results, rulesets, contexts, at, milliseconds } = state;
  const [active, setActive] = useState(0);
  const [asking, setAsking] = useState<Asking>();
  const columns = useMemo(() => columnsOf(results), [results]);
  const isCompared = results.some((result) => result.before);
  const changed = useMemo(
    () => (isCompared ? changedContexts(columns, contexts.length) : []),
    [columns, contexts, isCompared],
  );
  const rows = useMemo(
    () => (isCompared && isOnlyChanged ? changed : contexts.map((_, i) => i)),
    [isCompared, isOnlyChanged, changed, contexts],
  );
  const explain = useCallback(
    (column: Column, context: number) => {
      const loaded = rulesets.find((one) => one.env === column.env);
      if (!loaded) return;
      const { now, before, version } = loaded;
      setAsking({ flag: column.flag, env: column.env, context: contexts[context] ?? "{}", at, now, before, version });
    },
    [rulesets, contexts, at],
  );
  const shown = useMemo(() => tableOf(columns.slice(0, mostColumns), contexts, explain), [columns, contexts, explain]);
  const save = () => saveFile("playground.csv", "text/csv", exportCsv(exportRows(columns, contexts, unset)));
  return (
    <>
      <div className={styles.tools}>
        <Choice
          label={playWords.view}
          value={by ?? "each"}
          options={[
            { id: "each", label: playWords.view_each },
            { id: "answer", label: playWords.view_groups },
          ]}
          onChange={(id) => onBy(id === "answer" ? id : undefined)}
        />
        {isCompared && (
          <Checkbox isOn={isOnlyChanged} onChange={onOnlyChanged}>
            {playWords.only_changed}
          </Checkbox>
        )}
        <Buttons>
          <Button onPress={save}>{playWords.export}</Button>
        </Buttons>
        <span role="status">
          <Muted>
            {isCompared
              ? changed.length === 0
                ? playWords.unchanged
                : playWords.changed(changed.length, contexts.length)
              : playWords.not_compared(contexts.length)}{" "}
            {milliseconds !== undefined && playWords.took(milliseconds)}
          </Muted>
        </span>
      </div>
      {columns.length > mostColumns && <Muted>{playWords.too_wide}</Muted>}
      {by === "answer" ? (
        <Groups columns={columns.slice(0, mostColumns)} rows={rows} contexts={contexts} />
      ) : (
        <div className={styles.grid}>
          <VirtualTable
            label={playWords.results}
            rows={rows}
            idOf={String}
            columns={shown}
            active={Math.min(active, rows.length - 1)}
            onActive={setActive}
          />
        </div>
      )}
      <Suspense>{asking && <ExplainSheet asking={asking} onClose={() => setAsking(undefined)} />}</Suspense>
    </>
  );
}

function tableOf(
  columns: readonly Column[],
  contexts: readonly string[],
  explain: (column: Column, context: number) => void,
): TableColumn<number>[] {
  return [
    {
      id: "context",
      head: playWords.context,
      width: "minmax(200px, 2fr)",
      cell: (context) => <code className={styles.context}>{contexts[context]}</code>,
    },
    ...columns.map(
      (column): TableColumn<number> => ({
        id: `${column.env} ${column.flag}`,
        head: (
          <span className={styles.head}>
            <code>{column.flag}</code> {column.env}
          </span>
        ),
        width: "minmax(120px, 1fr)",
        cell: (context, isActive) => (
          <Cell column={column} context={context} isActive={isActive} onPress={() => explain(column, context)} />
        ),
      }),
    ),
  ];
}

interface CellProps {
  column: Column;
  context: number;
  isActive: boolean;
  onPress: () => void;
}

function Cell({ column, context, isActive, onPress }: CellProps) {
  const changed = isChanged(column, context);
  return (
    <button
      type="button"
      className={styles.cell}
      data-changed={changed || undefined}
      tabIndex={isActive ? 0 : -1}
      onClick={onPress}
    >
      <code>{cellText(column, context, unset)}</code>
      {changed && <span className={styles.was}>{playWords.was(beforeText(column, context, unset) ?? "")}</span>}
    </button>
  );
}

function Groups({
  columns,
  rows,
  contexts,
}: {
  columns: readonly Column[];
  rows: readonly number[];
  contexts: readonly string[];
}) {
  const groups = useMemo(() => groupsOf(columns, rows, unset), [columns, rows]);
  return (
    <DataTable
      label={playWords.results}
      rows={groups}
      idOf={(group) => JSON.stringify(group.texts)}
      columns={[
        { id: "count", head: playWords.group_count, isEnd: true, cell: (group) => count(group.contexts.length) },
        ...columns.map((column, i) => ({
          id: `${column.env} ${column.flag}`,
          head: `${column.flag} ${column.env}`,
          cell: (group: (typeof groups)[number]) => <code>{group.texts[i]}</code>,
        })),
        {
          id: "some",
          head: playWords.group_some,
          cell: (group) => (
            <code className={styles.context}>
              {group.contexts
                .slice(0, some)
                .map((i) => contexts[i])
                .join(" ")}
            </code>
          ),
        },
      ]}
    />
  );
}
