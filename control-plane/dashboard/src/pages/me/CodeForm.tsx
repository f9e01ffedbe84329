import { useState } from "react";
import { isProblem } from "../../api/errors";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { meWords } from "../../text/en/me";
import { signInWords } from "../../text/en/signin";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";

interface CodeFormProps {
  submit: string;
  onSubmit: (code: string) => Promise<void>;
  onCancel: () => void;
  isDanger?: boolean;
}

// Asks for a code of the second factor.
export function CodeForm({ submit, onSubmit, onCancel, isDanger = false }: CodeFormProps) {
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await onSubmit(code.trim());
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const atField = isProblem(error) ? error.at("/code") : undefined;
  return (
    <Form onSubmit={() => void send()}>
      <Field
        label={meWords.factor_code}
        hint={signInWords.code_hint}
        autoComplete="one-time-code"
        isCode
        value={code}
        onChange={setCode}
        error={atField}
        autoFocus
      />
      {error !== undefined && !atField && <FormError>{problemText(error)}</FormError>}
      <Buttons>
        <Button kind={isDanger ? "danger" : "primary"} type="submit" isPending={isBusy}>
          {submit}
        </Button>
        <Button onPress={onCancel}>{words.cancel}</Button>
      </Buttons>
    </Form>
  );
}
