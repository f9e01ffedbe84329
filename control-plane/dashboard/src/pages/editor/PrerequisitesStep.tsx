import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { exactFlagQuery, rulesetQuery } from "../../api/queries/exact";
import { flagIndexQuery } from "../../api/queries/flag_index";
import type { Prerequisite } from "../../model/index";
import { Link } from "../../parts/Link";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { editorWords } from "../../text/en/editor";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { ComboBox } from "../../ui/Select";
import { Checkbox } from "../../ui/Switch";
import styles from "./Editor.module.css";
import { type Editing, warningsAt } from "./editing";
import { chainOf, depthOf, flagsIn, standingOf } from "./prerequisites";
import { Step } from "./Step";

const standings = {
  holds: editorWords.holds,
  fails: editorWords.off_there,
  depends: editorWords.may_fail,
  unknown: words.unknown,
};

// Flags that have to answer first.
export function PrerequisitesStep({ editing, isOpen }: { editing: Editing; isOpen: boolean }) {
  const { place, env, config, flag, isReadOnly, warnings } = editing;
  const needed = config.prerequisites.map((each) => each.flag);
  const ruleset = useQuery({ ...rulesetQuery(place, env.key, [flag.key, ...needed]), enabled: needed.length > 0 }).data;
  const flags = useMemo(() => flagsIn(ruleset), [ruleset]);
  return (
    <Step
      id="prerequisites"
      title={editorWords.prerequisites}
      editing={editing}
      isOpen={isOpen}
      warnings={warningsAt(warnings, "/prerequisites")}
    >
      {needed.length === 0 && <p className={styles.muted}>{editorWords.no_prerequisites}</p>}
      <ul className={styles.cards}>
        {config.prerequisites.map((each) => {
          const chain = chainOf(flags, each.flag);
          return (
            <li key={each.flag} className={styles.card}>
              <div className={styles.row}>
                <Link to={paths.editor(place.org, place.project, each.flag, env.key)}>{each.flag}</Link>
                <span className={styles.muted}>
                  {standings[standingOf(flags, each.flag, each.variations)]}
                  {chain.length > 0 &&
                    `, ${editorWords.needs(list(chain))}. ${editorWords.depth(depthOf(flags, each.flag) + 1)}`}
                </span>
              </div>
              <Variations editing={editing} prerequisite={each} />
            </li>
          );
        })}
      </ul>
      {!isReadOnly && <AddPrerequisite editing={editing} />}
    </Step>
  );
}

function Variations({ editing, prerequisite }: { editing: Editing; prerequisite: Prerequisite }) {
  const { place, isReadOnly, change } = editing;
  const other = useQuery(exactFlagQuery(place, prerequisite.flag)).data;
  const { flag, variations } = prerequisite;
  const toggle = (key: string, isOn: boolean) => {
    const next = isOn ? [...variations, key] : variations.filter((each) => each !== key);
    if (next.length > 0) change([{ kind: "replace_prerequisite", flag, variations: next }]);
  };
  return (
    <div className={styles.row}>
      <span className={styles.muted}>{editorWords.requires}</span>
      {(other?.variations ?? variations.map((key) => ({ key }))).map(({ key }) => (
        <Checkbox
          key={key}
          isOn={variations.includes(key)}
          isDisabled={isReadOnly}
          onChange={(isOn) => toggle(key, isOn)}
        >
          <code>{key}</code>
        </Checkbox>
      ))}
      {!isReadOnly && (
        <Button kind="quiet" icon="close" onPress={() => change([{ kind: "remove_prerequisite", flag }])}>
          {words.remove}
        </Button>
      )}
    </div>
  );
}

function AddPrerequisite({ editing }: { editing: Editing }) {
  const { place, env, config, flag, change } = editing;
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string>();
  const index = useQuery({ ...flagIndexQuery(place.org, place.project), enabled: isAsking }).data;
  const ruleset = useQuery({ ...rulesetQuery(place, env.key, [chosen ?? ""]), enabled: chosen !== undefined }).data;
  const other = useQuery({ ...exactFlagQuery(place, chosen ?? ""), enabled: chosen !== undefined }).data;
  const isCycle = useMemo(
    () => chosen !== undefined && chainOf(flagsIn(ruleset), chosen).includes(flag.key),
    [ruleset, chosen, flag],
  );
  if (!isAsking) {
    return (
      <div>
        <Button icon="add" onPress={() => setAsking(true)}>
          {editorWords.add_prerequisite}
        </Button>
      </div>
    );
  }
  const taken = new Set([flag.key, ...config.prerequisites.map((each) => each.flag)]);
  const options = (index?.flags ?? [])
    .filter(({ key }) => !taken.has(key) && key.includes(typed))
    .slice(0, 50)
    .map(({ key, name }) => ({ id: key, label: key, detail: name }));
  const add = () => {
    const [first] = other?.variations ?? [];
    if (!chosen || !first || isCycle) return;
    change([{ kind: "add_prerequisite", flag: chosen, variations: [first.key] }]);
    setAsking(false);
    setChosen(undefined);
    setTyped("");
  };
  return (
    <div className={styles.row}>
      <ComboBox
        label={editorWords.prerequisite_flag}
        options={options}
        value={chosen ?? null}
        input={typed}
        onInput={setTyped}
        onChange={(id) => {
          setChosen(id ?? undefined);
          if (id) setTyped(id);
        }}
        error={isCycle ? editorWords.cycle(chosen ?? "") : undefined}
      />
      <Button isDisabled={!other || ruleset === undefined || isCycle} onPress={add}>
        {words.add}
      </Button>
      <Button kind="quiet" onPress={() => setAsking(false)}>
        {words.cancel}
      </Button>
    </div>
  );
}
