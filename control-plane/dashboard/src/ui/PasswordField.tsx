import { useState } from "react";
import { IconButton } from "./Button";
import { Field, type FieldProps } from "./Field";

interface PasswordProps extends Omit<FieldProps, "type" | "suffix"> {
  showLabel: string;
  hideLabel: string;
}

export function PasswordField({ showLabel, hideLabel, ...rest }: PasswordProps) {
  const [isShown, setShown] = useState(false);
  return (
    <Field
      {...rest}
      type={isShown ? "text" : "password"}
      name={rest.name ?? "password"}
      suffix={
        <IconButton
          icon={isShown ? "hide" : "show"}
          label={isShown ? hideLabel : showLabel}
          onPress={() => setShown(!isShown)}
        />
      }
    />
  );
}
