import type { SegmentCondition } from "../../model/index";
import { treeWords } from "../../text/en/tree";
import { Select } from "../../ui/Select";
import { Tokens } from "../../ui/Tokens";
import type { Known } from "./completion";
import styles from "./Tree.module.css";

interface SegmentRowProps {
  condition: SegmentCondition;
  known: Known;
  isReadOnly: boolean;
  onChange: (condition: SegmentCondition) => void;
}

export function SegmentRow({ condition, known, isReadOnly, onChange }: SegmentRowProps) {
  const values = condition.values.map(String);
  const rest = known.segments.filter((key) => !values.includes(key));
  return (
    <>
      <Select
        label={treeWords.operator}
        isLabelHidden
        options={[
          { id: "in_segment", label: treeWords.segment_in },
          { id: "not_in_segment", label: treeWords.segment_not_in },
        ]}
        value={condition.op}
        onChange={(op) => onChange({ ...condition, op: op as SegmentCondition["op"] })}
        isDisabled={isReadOnly}
      />
      <div className={styles.values}>
        <Tokens
          label={treeWords.segments}
          isCode
          isLabelHidden
          isReadOnly={isReadOnly}
          values={values}
          onChange={(next) => onChange({ ...condition, values: next })}
        />
      </div>
      {!isReadOnly && rest.length > 0 && (
        <Select
          label={treeWords.segments}
          isLabelHidden
          options={rest.map((key) => ({ id: key, label: key }))}
          value={null}
          placeholder={treeWords.add_segment}
          onChange={(key) => onChange({ ...condition, values: [...values, key] })}
        />
      )}
    </>
  );
}
