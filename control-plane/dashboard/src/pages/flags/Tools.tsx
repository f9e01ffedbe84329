import { type KeyboardEvent, type RefObject, useId, useMemo } from "react";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { complete, type IndexRow, knownOf } from "../../model/index";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import styles from "./FlagList.module.css";
import { type ColumnId, columnIds } from "./search";
import { Views } from "./Views";

export interface ViewChanges {
  filter?: string; // another text in the field
  sort?: string | undefined;
  cols?: readonly string[] | undefined;
  view?: string | undefined;
}

interface ToolsProps {
  place: Place;
  text: string;
  onText: (text: string) => void;
  inputRef: RefObject<HTMLInputElement | null>;
  onEnter: () => void;
  environments: readonly Environment[];
  rows: readonly IndexRow[]; // all
  shown: number;
  columns: readonly ColumnId[];
  onColumns: (columns: ColumnId[]) => void;
  order: string;
  env: string | undefined; // where only one environment has room
  onEnv: (env: string) => void;
  view: string | undefined;
  onView: (changes: ViewChanges) => void;
}

const labels: Record<ColumnId, string> = flagsWords;

export function Tools(props: ToolsProps) {
  const { text, onText, environments, rows, shown, columns, onColumns, env } = props;
  const options = useId();
  const known = useMemo(
    () =>
      knownOf(
        rows,
        environments.map((environment) => environment.key),
      ),
    [rows, environments],
  );
  const offered = text === "" ? undefined : complete(text, text.length, known);
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") props.onEnter();
    else if (event.key === "Escape") text === "" ? event.currentTarget.blur() : onText("");
  };
  const toggled = (id: ColumnId) =>
    columns.includes(id)
      ? columns.filter((one) => one !== id)
      : columnIds.filter((one) => one === id || columns.includes(one));
  return (
    <search className={styles.tools}>
      <div className={styles.filter}>
        <input
          ref={props.inputRef}
          type="search"
          aria-label={flagsWords.filter}
          placeholder={flagsWords.filter_hint}
          value={text}
          list={options}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={keyDown}
        />
        <datalist id={options}>
          {offered?.items.map(({ insert }) => (
            <option key={insert} value={text.slice(0, offered.from) + insert} />
          ))}
        </datalist>
      </div>
      <span role="status" className={styles.count}>
        {flagsWords.shown(shown, rows.length)}
      </span>
      {env !== undefined && (
        <Menu
          label={flagsWords.environment_columns}
          trigger={<Button>{env}</Button>}
          selected={[env]}
          groups={[
            {
              id: "envs",
              actions: environments.map((one) => ({
                id: one.key,
                label: one.key,
                onAction: () => props.onEnv(one.key),
              })),
            },
          ]}
        />
      )}
      <Views
        place={props.place}
        text={text}
        order={props.order}
        columns={columns}
        current={props.view}
        onView={props.onView}
      />
      {env === undefined && (
        <Menu
          label={flagsWords.columns}
          trigger={<Button icon="columns">{flagsWords.columns}</Button>}
          selected={columns}
          selection="multiple"
          groups={[
            {
              id: "columns",
              actions: columnIds.map((id) => ({ id, label: labels[id], onAction: () => onColumns(toggled(id)) })),
            },
          ]}
        />
      )}
    </search>
  );
}
