import { useMemo, useState } from "react";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { count } from "../../text/format";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { splitValues, Tokens } from "../../ui/Tokens";
import styles from "./Editor.module.css";

interface ManyValuesProps {
  label: string;
  values: readonly string[];
  isReadOnly: boolean;
  onChange: (values: string[]) => void;
}

const shown = 50;

// A long list: found by typing, changed by pasting.
export function ManyValues({ label, values, isReadOnly, onChange }: ManyValuesProps) {
  const [typed, setTyped] = useState("");
  const [pasted, setPasted] = useState("");
  const found = useMemo(() => values.filter((value) => value.includes(typed)), [values, typed]);
  const some = found.slice(0, shown);
  return (
    <div className={styles.cards}>
      <Field
        label={`${label}: ${editorWords.find_values}`}
        hint={editorWords.many_values(values.length)}
        isCode
        value={typed}
        onChange={setTyped}
      />
      <Tokens
        label={`${label} (${count(some.length)} / ${count(found.length)})`}
        isCode
        isReadOnly={isReadOnly}
        values={some}
        onChange={(next) => {
          const kept = new Set(next);
          const gone = new Set(some.filter((value) => !kept.has(value)));
          onChange([...values.filter((value) => !gone.has(value)), ...next.filter((value) => !values.includes(value))]);
        }}
      />
      {!isReadOnly && (
        <div className={styles.row}>
          <Field
            label={editorWords.values}
            hint={editorWords.values_hint}
            isCode
            rows={3}
            value={pasted}
            onChange={setPasted}
          />
          <Button
            isDisabled={splitValues(pasted).length === 0}
            onPress={() => {
              onChange([...new Set([...values, ...splitValues(pasted)])]);
              setPasted("");
            }}
          >
            {words.add}
          </Button>
        </div>
      )}
    </div>
  );
}
