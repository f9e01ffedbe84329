import { useEffect, useState } from "react";
import { isProblem } from "../api/errors";
import { type Credentials, signIn } from "../api/queries/session";
import { signInWords } from "../text/en/signin";
import { Button } from "../ui/Button";
import { Field, Form, FormError } from "../ui/Field";
import { PasswordField } from "../ui/PasswordField";
import { problemText } from "./Problem";

// Seconds until the next attempt is taken; counts down by itself.
export function useCountdown(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (until === 0) return;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [until]);
  return [left, (seconds) => setUntil(Date.now() + seconds * 1000)];
}

export const needsCode = (error: unknown): boolean =>
  isProblem(error) && (error.has("code_required") || error.has("wrong_code"));

// E-mail and password, then the code of a second factor where there is one.
export function SignInForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven] = useState<Credentials>({ email: "", password: "", code: "" });
  const [isAskingCode, setAskingCode] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [left, wait] = useCountdown();
  const set = (changes: Partial<Credentials>) => setGiven({ ...given, ...changes });

  const submit = async () => {
    if (isBusy || left > 0) return;
    setBusy(true);
    setError(undefined);
    try {
      const { email, password, code } = given;
      await signIn({ email: email.trim(), password, ...(isAskingCode && code ? { code: code.trim() } : {}) });
      onDone();
    } catch (problem) {
      if (isProblem(problem, 429) && problem.retryAfter) wait(problem.retryAfter);
      if (needsCode(problem) && !isAskingCode) setAskingCode(true);
      else setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form onSubmit={() => void submit()}>
      {!isAskingCode && (
        <>
          <Field
            label={signInWords.email}
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={given.email}
            onChange={(email) => set({ email })}
            autoFocus
          />
          <PasswordField
            label={signInWords.password}
            showLabel={signInWords.show_password}
            hideLabel={signInWords.hide_password}
            autoComplete="current-password"
            value={given.password}
            onChange={(password) => set({ password })}
          />
        </>
      )}
      {isAskingCode && (
        <Field
          label={signInWords.code}
          hint={signInWords.code_hint}
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          isCode
          value={given.code ?? ""}
          onChange={(code) => set({ code })}
          error={isProblem(error) && error.has("wrong_code") ? error.detail : undefined}
          autoFocus
        />
      )}
      {left > 0 && <FormError>{signInWords.wait(left)}</FormError>}
      {left === 0 &&
        error !== undefined &&
        !isProblem(error, 429) &&
        !(isProblem(error) && error.has("wrong_code")) && <FormError>{problemText(error)}</FormError>}
      <Button kind="primary" type="submit" isDisabled={left > 0} isPending={isBusy}>
        {signInWords.submit}
      </Button>
      {isAskingCode && (
        <Button kind="quiet" onPress={() => setAskingCode(false)}>
          {signInWords.other_account}
        </Button>
      )}
    </Form>
  );
}
