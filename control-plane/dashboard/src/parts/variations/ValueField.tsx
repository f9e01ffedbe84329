import { type FlagType, tryParseJson, writeJson } from "../../model/index";
import { definitionWords as words } from "../../text/en/definition";
import { Choice } from "../../ui/Choice";
import { CodeField } from "../../ui/CodeField";
import { Field } from "../../ui/Field";
import { readValue } from "./values";

interface ValueFieldProps {
  type: FlagType;
  label: string;
  text: string;
  onChange: (text: string) => void;
  onBlur?: () => void;
  error?: string | undefined; // what the server says of it
  isReadOnly?: boolean;
}

// One value, by the flag's type. What is not of the type is said as it is typed.
export function ValueField({ type, label, text, onChange, onBlur, error, isReadOnly = false }: ValueFieldProps) {
  const read = text === "" && type !== "string" ? undefined : readValue(type, text);
  const fault = read && "fault" in read ? read.fault : undefined;
  if (type === "boolean") {
    return (
      <Choice
        label={label}
        value={text === "true" ? "true" : "false"}
        options={[
          { id: "true", label: "true" },
          { id: "false", label: "false" },
        ]}
        onChange={onChange}
        isDisabled={isReadOnly}
      />
    );
  }
  if (type === "json") {
    const mark = fault?.kind === "json" ? [{ from: fault.at, to: fault.at + 1, text: fault.detail }] : [];
    return (
      <CodeField
        label={label}
        language="json"
        value={text}
        onChange={onChange}
        onBlur={() => {
          const tidy = tryParseJson(text);
          if ("value" in tidy && !isReadOnly) onChange(writeJson(tidy.value, 2));
          onBlur?.();
        }}
        marks={mark}
        error={error ?? (fault?.kind === "json" ? words.json_fault(fault.line, fault.column, fault.detail) : undefined)}
        isReadOnly={isReadOnly}
      />
    );
  }
  return (
    <Field
      label={label}
      isCode
      value={text}
      onChange={onChange}
      {...(onBlur ? { onBlur } : {})}
      error={error ?? (fault ? words.number_fault : undefined)}
      isReadOnly={isReadOnly}
      {...(type === "number" ? { inputMode: "decimal" as const } : {})}
      {...(type === "string" && text.includes("\n") ? { rows: 4 } : {})}
    />
  );
}
