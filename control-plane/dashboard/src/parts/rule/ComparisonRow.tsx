import { useState } from "react";
import { type Comparison, isNumber, type Json, operators, spellingOf } from "../../model/index";
import { treeWords } from "../../text/en/tree";
import { ComboBox, Select } from "../../ui/Select";
import { Checkbox } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";
import type { Known } from "./completion";
import { operatorOptions } from "./operator_groups";
import styles from "./Tree.module.css";
import { readValue, withOperator } from "./tree_edits";

interface ComparisonRowProps {
  comparison: Comparison;
  known: Known;
  isReadOnly: boolean;
  onChange: (comparison: Comparison) => void;
}

const shown = (value: Json): string => (isNumber(value) ? spellingOf(value) : String(value));
const texts = /^(not_)?(is|is_not|one_of|contains|starts_with|ends_with)|matches_regex/;

export function ComparisonRow({ comparison, known, isReadOnly, onChange }: ComparisonRowProps) {
  const { attribute, op, values = [], ignore_case = false } = comparison;
  const [typed, setTyped] = useState<string>();
  const types = known.attributes.find(({ name }) => name === attribute)?.types ?? [];
  const setAttribute = (name: string) => {
    setTyped(undefined);
    if (name !== "" && name !== attribute) onChange({ ...comparison, attribute: name });
  };
  return (
    <>
      <ComboBox
        label={treeWords.attribute}
        isLabelHidden
        options={known.attributes.map((each) => ({ id: each.name, label: each.name, detail: each.types.join(", ") }))}
        value={attribute}
        input={typed ?? attribute}
        onInput={setTyped}
        onChange={(id) => setAttribute(id ?? typed ?? "")}
        isFree
      />
      <Select
        label={treeWords.operator}
        isLabelHidden
        options={operatorOptions(types)}
        value={op}
        onChange={(next) => onChange(withOperator(comparison, next))}
        isDisabled={isReadOnly}
      />
      {operators[op]?.values !== "none" && (
        <div className={styles.values}>
          <Tokens
            label={treeWords.values}
            isCode
            isLabelHidden
            isReadOnly={isReadOnly}
            values={values.map(shown).filter((value) => value !== "")}
            onChange={(next) =>
              onChange({
                ...comparison,
                values: next.map(
                  (text) => values.find((held) => shown(held) === text) ?? readValue(text, values[0], types),
                ),
              })
            }
          />
        </div>
      )}
      {texts.test(op) && (
        <Checkbox
          isOn={ignore_case}
          isDisabled={isReadOnly}
          onChange={(isOn) => {
            const { ignore_case: _held, ...rest } = comparison;
            onChange(isOn ? { ...rest, ignore_case: true } : rest);
          }}
        >
          {treeWords.ignore_case}
        </Checkbox>
      )}
    </>
  );
}
