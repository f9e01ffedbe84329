import { useState } from "react";
import { isProblem } from "../../api/errors";
import { setUp } from "../../api/queries/session";
import { Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { setupWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";
import { PasswordField } from "../../ui/PasswordField";

export function Password({ token, onDone }: { token: string; onDone: () => void }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [isAskingCode, setAskingCode] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const problem = isProblem(error) ? error : undefined;
  const other = problem
    ? problem.apartFrom(["/password", "/code"])
    : error === undefined
      ? undefined
      : problemText(error);

  const submit = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await setUp({ token, password, ...(isAskingCode ? { code: code.trim() } : {}) });
      onDone();
    } catch (failed) {
      if (isProblem(failed) && failed.has("code_required")) setAskingCode(true);
      else setError(failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form onSubmit={() => void submit()}>
      <PasswordField
        label={setupWords.password}
        hint={setupWords.password_hint}
        showLabel={setupWords.show_password}
        hideLabel={setupWords.hide_password}
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        error={problem?.at("/password")}
        autoFocus
      />
      {password !== "" && (
        <span role="status">
          <Muted>{setupWords.strength([...password].length)}</Muted>
        </span>
      )}
      {isAskingCode && (
        <Field
          label={setupWords.code}
          hint={setupWords.code_hint}
          isCode
          autoComplete="one-time-code"
          value={code}
          onChange={setCode}
          error={problem?.at("/code")}
        />
      )}
      {other && <FormError>{other}</FormError>}
      <Button kind="primary" type="submit" isPending={isBusy}>
        {setupWords.submit}
      </Button>
    </Form>
  );
}
