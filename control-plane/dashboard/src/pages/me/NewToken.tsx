import { useState } from "react";
import { isProblem } from "../../api/errors";
import type { Permission } from "../../api/queries/me";
import { createPersonalToken } from "../../api/queries/personal_tokens";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useMe } from "../../parts/session";
import { permissionWords, words } from "../../text/en";
import { meWords } from "../../text/en/me";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { CopyText } from "../../ui/CopyText";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Checkbox } from "../../ui/Switch";

const lengths = ["7", "30", "90", "365"] as const;

export function NewToken({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Permission[]>(["read"]);
  const [days, setDays] = useState<(typeof lengths)[number]>("90");
  const [error, setError] = useState<unknown>();
  const [token, setToken] = useState<string>();
  const possible = [...new Set((me?.orgs ?? []).flatMap((access) => access.permissions))];

  const create = async () => {
    try {
      const expires_at = new Date(Date.now() + Number(days) * 86_400_000).toISOString();
      setToken((await createPersonalToken({ name, scopes, expires_at })).token ?? "");
    } catch (problem) {
      setError(problem);
    }
  };
  const toggle = (scope: Permission, isOn: boolean) =>
    setScopes(isOn ? [...scopes, scope] : scopes.filter((other) => other !== scope));
  const problem = isProblem(error) ? error : undefined;

  return (
    <Dialog title={meWords.token_new} isOpen isDismissable={false} onClose={onClose}>
      {token === undefined ? (
        <Form onSubmit={() => void create()}>
          <Field label={meWords.token_name} value={name} onChange={setName} error={problem?.at("/name")} autoFocus />
          <fieldset>
            <legend>{meWords.token_scopes}</legend>
            {possible.map((scope) => (
              <div key={scope}>
                <Checkbox isOn={scopes.includes(scope)} onChange={(isOn) => toggle(scope, isOn)}>
                  {permissionWords[scope] ?? scope}
                </Checkbox>
              </div>
            ))}
          </fieldset>
          <Choice
            label={meWords.token_expires}
            value={days}
            onChange={setDays}
            options={lengths.map((id) => ({ id, label: meWords.token_days(Number(id)) }))}
          />
          {error !== undefined && !problem?.at("/name") && <FormError>{problemText(error)}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit">
              {meWords.token_new}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      ) : (
        <>
          <p>{meWords.token_once}</p>
          <CopyText text={token} isBlock />
          <Buttons>
            <Button kind="primary" onPress={onClose}>
              {words.close}
            </Button>
          </Buttons>
        </>
      )}
    </Dialog>
  );
}
