import { type FocusEvent, type ReactNode, useId } from "react";
import {
  type TextFieldProps as AriaProps,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
} from "react-aria-components";
import { words } from "../text/en";
import styles from "./Field.module.css";

export interface FieldProps
  extends Pick<
    AriaProps,
    "value" | "onChange" | "isRequired" | "isReadOnly" | "isDisabled" | "type" | "autoFocus" | "onBlur"
  > {
  label: string;
  name?: string;
  hint?: ReactNode;
  error?: string | undefined; // what the server says of this field
  isOptional?: boolean;
  isCode?: boolean; // a key, a value, a rule: in the face in which l, 1 and I differ
  isLabelHidden?: boolean;
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "decimal" | "email" | "search";
  placeholder?: string;
  rows?: number; // of a text of several lines
  maxLength?: number;
  suffix?: ReactNode;
  selectOnFocus?: boolean; // what is typed takes the place of what is there
}

export function Field(props: FieldProps) {
  const { label, hint, error, isOptional, isCode, isLabelHidden, rows, suffix, placeholder, selectOnFocus, ...rest } =
    props;
  const inner = {
    className: `${styles.input} ${isCode ? styles.code : ""}`,
    ...(placeholder ? { placeholder } : {}),
    ...(selectOnFocus
      ? { onFocus: (event: FocusEvent<HTMLInputElement | HTMLTextAreaElement>) => event.target.select() }
      : {}),
  };
  return (
    <AriaTextField {...rest} className={styles.field ?? ""} isInvalid={error !== undefined} validationBehavior="aria">
      <Label className={isLabelHidden ? "visually-hidden" : styles.label}>
        {label}
        {isOptional && <span className={styles.optional}>{words.optional}</span>}
      </Label>
      <div className={styles.box}>
        {rows ? <AriaTextArea {...inner} rows={rows} /> : <Input {...inner} />}
        {suffix}
      </div>
      {hint && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}

// A message that belongs to a whole form.
export function FormError({ children }: { children: ReactNode }) {
  const id = useId();
  return (
    <p id={id} role="alert" className={styles.formError}>
      {children}
    </p>
  );
}

export function Form({ children, onSubmit }: { children: ReactNode; onSubmit: () => void }) {
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
