import { defaultAttribute, type Hash, isSplit, type Serve } from "../../model/index";
import { splitWords } from "../../text/en/split";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import styles from "./Split.module.css";
import type { Bucketing } from "./serve";

interface BucketingFieldsProps {
  serve: Serve;
  isReadOnly: boolean;
  warning: string;
  onChange: (bucketing: Bucketing) => void;
}

// By what users are dealt to slots. Another one deals all of them anew, so it is said first.
export function BucketingFields({ serve, isReadOnly, warning, onChange }: BucketingFieldsProps) {
  if (!isSplit(serve)) return null;
  const { by = defaultAttribute, salt = "", hash = "murmur3" } = serve.split;
  return (
    <div className={styles.editor}>
      <p className={styles.warning}>{warning}</p>
      <div className={styles.fields}>
        <Field
          label={splitWords.by}
          isCode
          isReadOnly={isReadOnly}
          value={by}
          onChange={(text) => onChange({ by: text, salt, hash })}
        />
        <Field
          label={splitWords.salt}
          hint={splitWords.salt_hint}
          isCode
          isReadOnly={isReadOnly}
          value={salt}
          onChange={(text) => onChange({ by, salt: text, hash })}
        />
      </div>
      {!isReadOnly && (
        <Choice<Hash>
          label={splitWords.hash}
          value={hash}
          options={[
            { id: "murmur3", label: "murmur3" },
            { id: "djb2", label: "djb2" },
          ]}
          onChange={(next) => onChange({ by, salt, hash: next })}
        />
      )}
    </div>
  );
}
