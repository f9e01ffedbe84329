import { Suspense, useState } from "react";
import { defaultAttribute, isSame, type Json, type Target } from "../../model/index";
import { targetWords } from "../../text/en/targets";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { later } from "../../ui/later";
import { Select } from "../../ui/Select";
import { Loading } from "../../ui/States";
import { Tokens } from "../../ui/Tokens";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { Step } from "./Step";
import { listId, type SetValues, setValues, shadowedIn } from "./targets";

const ManyValues = later(() => import("./ManyValues"));

const mostTokens = 200; // above it, a list that is searched
const mostNamed = 5;

// Those who are named, by what they get.
export function TargetsStep({ editing, isOpen }: { editing: Editing; isOpen: boolean }) {
  const { config, change } = editing;
  const [added, setAdded] = useState<Target[]>([]); // lists of nobody yet
  const [moved, setMoved] = useState<{ list: string; moved: SetValues["moved"] }>();
  const lists = [
    ...config.targets,
    ...added.filter((each) => !config.targets.some((held) => listId(held) === listId(each))),
  ];
  const set = (target: Target, values: readonly string[]) => {
    const made = setValues(config.targets, target, values);
    setMoved(made.moved.size > 0 ? { list: listId(target), moved: made.moved } : undefined);
    change(made.step, `targets ${listId(target)}`);
  };
  return (
    <Step
      id="targets"
      title={targetWords.title}
      editing={editing}
      isOpen={isOpen}
      warnings={warningsAt(editing.warnings, "/targets")}
    >
      {lists.length === 0 && <p className={styles.muted}>{targetWords.none}</p>}
      {lists.map((target, at) => (
        <List
          key={listId(target)}
          editing={editing}
          target={target}
          at={at}
          moved={moved?.list === listId(target) ? moved.moved : undefined}
          onChange={(values) => set(target, values)}
        />
      ))}
      {!editing.isReadOnly && <AddList editing={editing} onAdd={(target) => setAdded([...added, target])} />}
    </Step>
  );
}

interface ListProps {
  editing: Editing;
  target: Target;
  at: number;
  moved: SetValues["moved"] | undefined;
  onChange: (values: string[]) => void;
}

function List({ editing, target, at, moved, onChange }: ListProps) {
  const { config, base, isReadOnly } = editing;
  const { values, variation, attribute } = target;
  const label = targetWords.list(variation, attribute);
  const held = base.targets.find((each) => listId(each) === listId(target));
  const isChanged = held !== undefined && !isSame(held as Json, target as Json);
  const hint = moved
    ? targetWords.moved(list([...moved].map(([from, taken]) => targetWords.moved_part(named(taken), from))))
    : isChanged
      ? targetWords.changed
      : undefined;
  const marks = new Map([...shadowedIn(config.targets, at)].map(([value, by]) => [value, targetWords.shadowed(by)]));
  if (values.length > mostTokens) {
    return (
      <Suspense fallback={<Loading rows={6} />}>
        <ManyValues {...{ label, values, isReadOnly, onChange, marks, hint }} />
      </Suspense>
    );
  }
  return <Tokens {...{ label, values, isReadOnly, onChange, marks, hint }} isCode />;
}

const named = (values: readonly string[]): string =>
  values.length > mostNamed
    ? list([...values.slice(0, mostNamed), targetWords.more(values.length - mostNamed)])
    : list(values);

function AddList({ editing, onAdd }: { editing: Editing; onAdd: (target: Target) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [variation, setVariation] = useState(editing.flag.variations[0]?.key ?? "");
  const [attribute, setAttribute] = useState(defaultAttribute);
  if (!isAsking) {
    return (
      <div>
        <Button icon="add" onPress={() => setAsking(true)}>
          {targetWords.add}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.row}>
      <Select
        label={targetWords.serves}
        value={variation}
        options={editing.flag.variations.map(({ key }) => ({ id: key, label: key }))}
        onChange={setVariation}
      />
      <Field label={targetWords.attribute} isCode value={attribute} onChange={setAttribute} />
      <Button
        isDisabled={attribute.trim() === ""}
        onPress={() => {
          onAdd({ variation, attribute: attribute.trim(), values: [] });
          setAsking(false);
        }}
      >
        {targetWords.add}
      </Button>
    </div>
  );
}
