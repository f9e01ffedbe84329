import { useState } from "react";
import { defaultAttribute, isSame, type Json, type Target } from "../../model/index";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Tokens } from "../../ui/Tokens";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { ManyValues } from "./ManyValues";
import { Step } from "./Step";

const mostTokens = 200; // above it, a list that is searched

const listId = ({ variation, attribute }: Target): string => `${variation} ${attribute}`;

// Those who are named, by what they get.
export function TargetsStep({ editing, isOpen }: { editing: Editing; isOpen: boolean }) {
  const { config, base, isReadOnly, change, warnings, lit } = editing;
  const [added, setAdded] = useState<Target[]>([]); // lists of nobody yet
  const lists = [
    ...config.targets,
    ...added.filter((each) => !config.targets.some((held) => listId(held) === listId(each))),
  ];
  const set = (target: Target, values: readonly string[]) => {
    const { variation, attribute } = target;
    change([{ kind: "replace_targets", variation, attribute, values }], `targets ${listId(target)}`);
  };
  return (
    <Step
      id="targets"
      title={editorWords.targets}
      isLit={lit === "targets"}
      isOpen={isOpen}
      warnings={warningsAt(warnings, "/targets")}
    >
      {lists.length === 0 && <p className={styles.muted}>{editorWords.no_targets}</p>}
      {lists.map((target) => {
        const label = editorWords.targets_of(target.variation, target.attribute);
        const values = target.values;
        const held = base.targets.find((each) => listId(each) === listId(target));
        const hint = held && !isSame(held as Json, target as Json) ? editorWords.changed : undefined;
        return values.length > mostTokens ? (
          <ManyValues
            key={listId(target)}
            label={label}
            values={values}
            isReadOnly={isReadOnly}
            onChange={(next) => set(target, next)}
          />
        ) : (
          <Tokens
            key={listId(target)}
            label={label}
            isCode
            isReadOnly={isReadOnly}
            values={values}
            hint={hint}
            onChange={(next) => set(target, next)}
          />
        );
      })}
      {!isReadOnly && <AddList editing={editing} onAdd={(target) => setAdded([...added, target])} />}
    </Step>
  );
}

function AddList({ editing, onAdd }: { editing: Editing; onAdd: (target: Target) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [variation, setVariation] = useState(editing.flag.variations[0]?.key ?? "");
  const [attribute, setAttribute] = useState(defaultAttribute);
  if (!isAsking) {
    return (
      <div>
        <Button icon="add" onPress={() => setAsking(true)}>
          {editorWords.add_targets}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.row}>
      <Select
        label={editorWords.serves}
        value={variation}
        options={editing.flag.variations.map(({ key }) => ({ id: key, label: key }))}
        onChange={setVariation}
      />
      <Field label={editorWords.attribute} isCode value={attribute} onChange={setAttribute} />
      <Button
        isDisabled={attribute.trim() === ""}
        onPress={() => {
          onAdd({ variation, attribute: attribute.trim(), values: [] });
          setAsking(false);
        }}
      >
        {editorWords.add_targets}
      </Button>
    </div>
  );
}
