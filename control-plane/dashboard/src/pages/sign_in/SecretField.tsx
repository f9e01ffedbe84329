import { credentialWords } from "../../text/en/credentials";
import { signOnWords as texts } from "../../text/en/sign_on";
import { PasswordField } from "../../ui/PasswordField";

interface SecretProps {
  value: string;
  onChange: (secret: string) => void;
  hint: string;
  error: string | undefined;
}

// Written, never read.
export function SecretField(props: SecretProps) {
  return (
    <PasswordField
      {...props}
      label={texts.secret}
      name="client-secret"
      isCode
      autoComplete="off"
      showLabel={credentialWords.secret_show}
      hideLabel={credentialWords.secret_hide}
    />
  );
}
