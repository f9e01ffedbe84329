import { useState } from "react";
import { type Bucket, defaultAttribute, percentOfSlots, slotsOfInput } from "../../model/index";
import { splitWords } from "../../text/en/split";
import { treeWords } from "../../text/en/tree";
import { Field } from "../../ui/Field";

interface BucketRowProps {
  bucket: Bucket;
  isReadOnly: boolean;
  onChange: (bucket: Bucket) => void;
}

export function BucketRow({ bucket, isReadOnly, onChange }: BucketRowProps) {
  const [typed, setTyped] = useState<{ end: "from" | "to"; text: string }>();
  const type = (end: "from" | "to", text: string) => {
    setTyped({ end, text });
    const slots = slotsOfInput(text);
    if (slots !== undefined) onChange({ ...bucket, [end]: slots });
  };
  const field = (end: "from" | "to", label: string) => {
    const text = typed?.end === end ? typed.text : percentOfSlots(bucket[end]);
    return (
      <Field
        label={label}
        isCode
        inputMode="decimal"
        isReadOnly={isReadOnly}
        value={text}
        onChange={(next) => type(end, next)}
        onBlur={() => setTyped(undefined)}
        error={slotsOfInput(text) === undefined ? splitWords.wrong : undefined}
      />
    );
  };
  return (
    <>
      {field("from", treeWords.bucket_from)}
      {field("to", treeWords.bucket_to)}
      <Field
        label={treeWords.bucket_by}
        isCode
        isReadOnly={isReadOnly}
        value={bucket.by ?? defaultAttribute}
        onChange={(by) => onChange({ ...bucket, by })}
      />
    </>
  );
}
