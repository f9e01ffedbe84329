import { useMemo } from "react";
import { playWords } from "../../text/en/play";
import { count } from "../../text/format";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Answer, type ColourOf } from "./Answer";
import { type Column, type Group, groupsOf, variationAt } from "./grid";
import styles from "./Play.module.css";

interface GroupsProps {
  columns: readonly Column[];
  rows: readonly number[]; // contexts
  contexts: readonly string[];
  colourOf: ColourOf;
}

const some = 3;

// Contexts that get the same answers, as one row.
export function Groups({ columns, rows, contexts, colourOf }: GroupsProps) {
  const groups = useMemo(() => groupsOf(columns, rows, playWords.callers_default), [columns, rows]);
  const answers = columns.map(
    (column, i): DataColumn<Group> => ({
      id: `${column.env} ${column.flag}`,
      head: `${column.flag} ${column.env}`,
      cell: ({ texts, contexts: [first = 0] }) => (
        <Answer text={texts[i] ?? ""} colour={colourOf(column.flag, variationAt(column, first))} />
      ),
    }),
  );
  return (
    <DataTable
      label={playWords.results}
      rows={groups}
      idOf={(group) => JSON.stringify(group.texts)}
      columns={[
        { id: "count", head: playWords.group_count, isEnd: true, cell: (group) => count(group.contexts.length) },
        ...answers,
        {
          id: "some",
          head: playWords.group_some,
          cell: (group) => (
            <code className={styles.some}>
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
