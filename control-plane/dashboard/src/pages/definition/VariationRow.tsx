import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { usesQuery } from "../../api/queries/flag";
import { isKey, isSame, usesOfVariation, type Variation } from "../../model/index";
import { ValueField } from "../../parts/variations/ValueField";
import { isText, readValue, valueText } from "../../parts/variations/values";
import { definitionWords as words } from "../../text/en/definition";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Swatch } from "../../ui/Swatch";
import styles from "./Definition.module.css";
import type { Editing } from "./editing";

interface VariationRowProps {
  editing: Editing;
  index: number;
  variation: Variation;
}

export function VariationRow({ editing, index, variation }: VariationRowProps) {
  const { flag, mayServe, change } = editing;
  const used = useUses(editing, variation.key);
  const isOnly = flag.variations.length === 1;
  const isServedFalse = variation.value === false;
  return (
    <li className={styles.variation} data-variation={variation.key}>
      <div className={styles.pair}>
        <KeyField key={variation.key} editing={editing} variation={variation} />
        <Value editing={editing} index={index} variation={variation} />
      </div>
      <div className={styles.foot}>
        <Swatch colour={isServedFalse ? 0 : index + 1} />
        <p className={styles.hint}>
          {words.used}: {used.length === 0 ? words.used_nowhere : used.join("; ")}
        </p>
        {mayServe && (
          <Button
            kind="quiet"
            icon="close"
            isDisabled={used.length > 0 || isOnly}
            onPress={() => change([{ kind: "remove_variation", variation: variation.key }])}
          >
            {words.remove(variation.key)}
          </Button>
        )}
      </div>
    </li>
  );
}

// The environments that serve it, and the flags that require it.
function useUses({ place, flag, configs, held }: Editing, key: string): string[] {
  const requiring = useQuery({ ...usesQuery(place, flag.key, key), enabled: held.includes(key) }).data?.items ?? [];
  const served = Object.entries(configs).flatMap(([env, config]) => {
    const uses = usesOfVariation(config, key);
    return uses.length === 0
      ? []
      : [
          words.used_in(
            env,
            uses.map(({ pointer }) => placeWords(pointer)),
          ),
        ];
  });
  const required = requiring
    .filter((use) => use.kind === "flag" && use.key !== flag.key)
    .map((use) => words.required_by(use.key, use.environment));
  return [...served, ...required];
}

function placeWords(pointer: string): string {
  const [, part = "", index = ""] = pointer.split("/");
  if (part === "rules") return words.used_rule(Number(index) + 1);
  return part === "off" ? words.used_off : part === "targets" ? words.used_targets : words.used_else;
}

// A key is renamed when the field is left, in all configurations that name it.
function KeyField({ editing, variation }: Pick<VariationRowProps, "editing" | "variation">) {
  const { flag, mayServe, change, onFault } = editing;
  const [text, setText] = useState(variation.key);
  const isTaken = text !== variation.key && flag.variations.some((one) => one.key === text);
  const fault = isTaken ? words.key_taken(text) : isKey(text) ? undefined : words.key_fault;
  const field = `key ${variation.key}`;
  useEffect(() => {
    onFault(field, fault);
    return () => onFault(field, undefined);
  }, [field, fault, onFault]);
  return (
    <Field
      label={words.key}
      isCode
      value={text}
      onChange={setText}
      onBlur={() => {
        if (fault === undefined && text !== variation.key)
          change([{ kind: "rename_variation", variation: variation.key, to: text }]);
      }}
      error={fault}
      isReadOnly={!mayServe}
      maxLength={100}
    />
  );
}

// What is typed stays as it is typed, whatever the draft makes of it.
function Value({ editing, index, variation }: VariationRowProps) {
  const { flag, mayServe, change, onFault } = editing;
  const { key, value } = variation;
  const [text, setText] = useState(() => valueText(flag.type, value));
  const [shown, setShown] = useState(value);
  if (!isSame(shown, value)) {
    setShown(value); // undone, discarded, or taken over from somebody else
    if (!isText(flag.type, text, value)) setText(valueText(flag.type, value));
  }
  const read = readValue(flag.type, text);
  const isFaulty = "fault" in read;
  const field = `value ${key}`;
  useEffect(() => {
    onFault(field, isFaulty ? words.value_wrong(key) : undefined);
    return () => onFault(field, undefined);
  }, [field, key, isFaulty, onFault]);
  return (
    <ValueField
      type={flag.type}
      label={words.value}
      text={text}
      onChange={(typed) => {
        setText(typed);
        const next = readValue(flag.type, typed);
        if ("value" in next && !isSame(next.value, value))
          change([{ kind: "set_value", variation: key, value: next.value }], `value ${index}`);
      }}
      error={isFaulty && text === "" ? words.value_missing : undefined}
      isReadOnly={!mayServe}
    />
  );
}
