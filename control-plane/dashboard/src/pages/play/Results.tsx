import { Suspense, useMemo } from "react";
import { exportCsv } from "../../model/index";
import { Buttons, Muted } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { saveFile } from "../../parts/save_file";
import { playWords } from "../../text/en/play";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { later } from "../../ui/later";
import { Checkbox } from "../../ui/Switch";
import type { ColourOf } from "./Answer";
import type { Asking } from "./ExplainSheet";
import { Groups } from "./Groups";
import { changedContexts, columnsOf, exportRows } from "./grid";
import styles from "./Play.module.css";
import { ResultTable } from "./ResultTable";
import { schema } from "./search";
import type { Answered } from "./use_answers";

const ExplainSheet = later(() => import("./ExplainSheet"));
const unset = playWords.callers_default;
const mostColumns = 40;

// Who gets what, a row for each context or for each answer.
export function Results({ answered, colourOf }: { answered: Answered; colourOf: ColourOf }) {
  const { results, contexts, milliseconds } = answered;
  const { by, only, why } = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const columns = useMemo(() => columnsOf(results), [results]);
  const isCompared = results.some((result) => result.before);
  const changed = useMemo(
    () => (isCompared ? changedContexts(columns, contexts.length) : []),
    [columns, contexts, isCompared],
  );
  const rows = useMemo(
    () => (isCompared && only === "changed" ? changed : contexts.map((_, i) => i)),
    [isCompared, only, changed, contexts],
  );
  const asking = askingOf(why, answered);
  const shown = columns.slice(0, mostColumns);
  const save = () => saveFile("playground.csv", "text/csv", exportCsv(exportRows(columns, contexts, unset)));
  const said = !isCompared
    ? playWords.not_compared(contexts.length)
    : changed.length === 0
      ? playWords.unchanged
      : playWords.changed(changed.length, contexts.length);
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
          onChange={(id) => setSearch({ by: id === "answer" ? id : undefined })}
        />
        {isCompared && (
          <Checkbox
            isOn={only === "changed"}
            onChange={(isOnly) => setSearch({ only: isOnly ? "changed" : undefined })}
          >
            {playWords.only_changed}
          </Checkbox>
        )}
        <Buttons>
          <Button onPress={save}>{playWords.export}</Button>
        </Buttons>
        <span role="status">
          <Muted>
            {said} {playWords.took(milliseconds)}
          </Muted>
        </span>
      </div>
      {columns.length > mostColumns && <Muted>{playWords.too_wide}</Muted>}
      {by === "answer" ? (
        <Groups columns={shown} rows={rows} contexts={contexts} colourOf={colourOf} />
      ) : (
        <ResultTable
          columns={shown}
          rows={rows}
          contexts={contexts}
          colourOf={colourOf}
          onExplain={({ env, flag }, context) => setSearch({ why: `${env}/${flag}/${context}` })}
        />
      )}
      <Suspense>
        {asking && <ExplainSheet asking={asking} colourOf={colourOf} onClose={() => setSearch({ why: undefined })} />}
      </Suspense>
    </>
  );
}

// The cell that the address names: environment, flag, and the context's number.
function askingOf(why: string | undefined, { rulesets, contexts, at }: Answered): Asking | undefined {
  const [env, flag = "", number = ""] = why?.split("/") ?? [];
  const loaded = rulesets.find((one) => one.env === env);
  const context = contexts[Number(number)];
  return loaded && context !== undefined ? { flag, context, at, loaded } : undefined;
}
