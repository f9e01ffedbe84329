import { useId } from "react";
import styles from "./Field.module.css";

interface FileFieldProps {
  label: string;
  hint?: string;
  accept: string;
  onChange: (file: File | undefined) => void;
}

export function FileField({ label, hint, accept, onChange }: FileFieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="file"
        className={styles.file}
        accept={accept}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
        onChange={(event) => onChange(event.target.files?.[0])}
      />
      {hint && (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
    </div>
  );
}
