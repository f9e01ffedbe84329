import { useMemo, useState } from "react";
import { targetWords } from "../../text/en/targets";
import { Button } from "../../ui/Button";
import { Disclosure } from "../../ui/Disclosure";
import { Field } from "../../ui/Field";
import { FileField } from "../../ui/FileField";
import { Icon } from "../../ui/Icon";
import { SearchField } from "../../ui/SearchField";
import { splitValues } from "../../ui/Tokens";
import { type Column, VirtualTable } from "../../ui/VirtualTable";
import styles from "./Editor.module.css";

interface ManyValuesProps {
  label: string;
  values: readonly string[];
  marks: ReadonlyMap<string, string>;
  hint?: string | undefined;
  isReadOnly: boolean;
  onChange: (values: string[]) => void;
}

const nobody: ReadonlySet<string> = new Set();

// A long list: found by typing, added to by pasting and from a file.
export default function ManyValues({ label, values, marks, hint, isReadOnly, onChange }: ManyValuesProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const [chosen, setChosen] = useState(nobody);
  const found = useMemo(() => values.filter((value) => value.includes(typed)), [values, typed]);
  const selected = useMemo(() => new Set(found.filter((value) => chosen.has(value))), [found, chosen]);
  const columns = useMemo(
    (): Column<string>[] => [
      { id: "value", head: targetWords.value, width: "1fr", cell: (value) => cell(value, marks) },
    ],
    [marks],
  );
  const toggle = (value: string) =>
    setChosen(new Set(chosen.has(value) ? [...chosen].filter((one) => one !== value) : [...chosen, value]));
  const choices = {
    selected,
    onSelect: toggle,
    onSelectAll: (isOn: boolean) => setChosen(isOn ? new Set(found) : nobody),
  };
  return (
    <section className={styles.cards} aria-label={label}>
      <h3>{label}</h3>
      {hint && <p className={styles.muted}>{hint}</p>}
      <search className={styles.row}>
        <SearchField label={targetWords.find(label)} value={typed} onChange={setTyped} />
        <span className={styles.muted}>{targetWords.found(found.length, values.length)}</span>
        {selected.size > 0 && (
          <Button
            onPress={() => {
              onChange(values.filter((value) => !selected.has(value)));
              setChosen(nobody);
            }}
          >
            {targetWords.remove_selected(selected.size)}
          </Button>
        )}
      </search>
      <div className={styles.values}>
        <VirtualTable
          label={label}
          rows={found}
          idOf={(value) => value}
          columns={columns}
          active={Math.min(active, found.length - 1)}
          onActive={setActive}
          empty={<p className={styles.muted}>{targetWords.no_match(typed)}</p>}
          {...(isReadOnly ? {} : choices)}
        />
      </div>
      {!isReadOnly && <MoreValues values={values} onAdd={(more) => onChange([...values, ...more])} />}
    </section>
  );
}

function cell(value: string, marks: ReadonlyMap<string, string>) {
  const mark = marks.get(value);
  return (
    <>
      <code>{value}</code>
      {mark && (
        <span className={styles.warning}>
          <Icon name="warning" />
          {mark}
        </span>
      )}
    </>
  );
}

function MoreValues({ values, onAdd }: { values: readonly string[]; onAdd: (more: string[]) => void }) {
  const [pasted, setPasted] = useState("");
  const held = useMemo(() => new Set(values), [values]);
  const given = useMemo(() => [...new Set(splitValues(pasted))], [pasted]);
  const more = given.filter((value) => !held.has(value));
  return (
    <Disclosure title={targetWords.paste}>
      <Field
        label={targetWords.paste}
        hint={given.length > more.length ? targetWords.present(given.length - more.length) : targetWords.paste_hint}
        isCode
        rows={3}
        value={pasted}
        onChange={setPasted}
      />
      <FileField
        label={targetWords.file}
        hint={targetWords.file_hint}
        accept=".txt,.csv,.tsv"
        onChange={(file) => void file?.text().then(setPasted)}
      />
      <Button
        isDisabled={more.length === 0}
        onPress={() => {
          onAdd(more);
          setPasted("");
        }}
      >
        {targetWords.add_values(more.length)}
      </Button>
    </Disclosure>
  );
}
