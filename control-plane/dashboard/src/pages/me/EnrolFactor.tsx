import { Suspense, useState } from "react";
import { isProblem } from "../../api/errors";
import { beginFactor, confirmFactor } from "../../api/queries/second_factor";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { meWords } from "../../text/en/me";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { Dialog } from "../../ui/Dialog";
import { Form, FormError } from "../../ui/Field";
import { later } from "../../ui/later";
import { PasswordField } from "../../ui/PasswordField";
import { CodeForm } from "./CodeForm";
import styles from "./EnrolFactor.module.css";

const QrCode = later(() => import("../../ui/QrCode")); // few need it, once

// Password, secret, code, recovery codes. What is secret lives in this dialog's state and goes with it.
export function EnrolFactor({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<string[]>();
  return (
    <Dialog title={codes ? meWords.factor_codes : meWords.factor_set_up} isOpen isDismissable={false} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : secret ? (
        <>
          <p>{meWords.factor_scan}</p>
          <div className={styles.scan}>
            <Suspense>
              <QrCode text={secret.uri} label={meWords.factor_code_drawn} />
            </Suspense>
          </div>
          <p>{meWords.factor_type}</p>
          <CopyText text={secret.secret} isBlock />
          <a href={secret.uri}>{meWords.factor_uri}</a>
          <CodeForm
            submit={meWords.factor_confirm}
            onSubmit={async (code) => setCodes((await confirmFactor(code)).recovery_codes)}
            onCancel={onClose}
          />
        </>
      ) : (
        <AskPassword onCancel={onClose} onPassword={async (password) => setSecret(await beginFactor(password))} />
      )}
    </Dialog>
  );
}

function AskPassword({
  onPassword,
  onCancel,
}: {
  onPassword: (password: string) => Promise<void>;
  onCancel: () => void;
}) {
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const atField = isProblem(error) ? error.at("/password") : undefined;
  return (
    <Form onSubmit={() => void onPassword(password).catch(setError)}>
      <PasswordField
        label={meWords.password}
        showLabel={meWords.show_password}
        hideLabel={meWords.hide_password}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        error={atField}
        autoFocus
      />
      {error !== undefined && !atField && <FormError>{problemText(error)}</FormError>}
      <Buttons>
        <Button kind="primary" type="submit">
          {meWords.factor_set_up}
        </Button>
        <Button onPress={onCancel}>{words.cancel}</Button>
      </Buttons>
    </Form>
  );
}

export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <>
      <p>{meWords.factor_codes_detail}</p>
      <CopyText text={codes.join("\n")} isBlock />
      <Buttons>
        <Button kind="primary" onPress={onDone}>
          {meWords.factor_done}
        </Button>
      </Buttons>
    </>
  );
}
