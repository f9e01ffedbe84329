import { useState } from "react";
import type { Permission } from "../../api/queries/me";
import { createServiceToken } from "../../api/queries/service_tokens";
import { permissionsOfRole, type Role, rolesToGive } from "../../model/permissions";
import { Buttons } from "../../parts/PageHead";
import { SecretOnce } from "../../parts/SecretOnce";
import { accessTo, useMe } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { permissionWords, words } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Checkbox } from "../../ui/Switch";
import { endOf, type Length, lengths } from "./length";

export function NewServiceToken({ org, onClose }: { org: string; onClose: () => void }) {
  const access = accessTo(useMe(), org);
  const roles = access ? rolesToGive(access) : [];
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const [left, setLeft] = useState<readonly Permission[]>([]); // out of the role's
  const [days, setDays] = useState<Length>("90");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();
  const possible = permissionsOfRole[role];
  const create = () =>
    attempt.run(async (intention) => {
      const scopes = possible.filter((permission) => !left.includes(permission));
      const made = await createServiceToken(org, { name, role, scopes, expires_at: endOf(days) }, intention);
      setSecret(made.token ?? "");
    });
  const problem = attempt.apartFrom(["/name"]);
  return (
    <Dialog title={credentialWords.token_new} isOpen isDismissable={false} onClose={onClose}>
      {secret !== undefined ? (
        <SecretOnce secret={secret} onDone={onClose} />
      ) : (
        <Form onSubmit={() => void create()}>
          <Field
            label={credentialWords.name}
            hint={credentialWords.name_hint}
            value={name}
            onChange={setName}
            error={attempt.at("/name")}
            autoFocus
          />
          <Choice
            label={credentialWords.role}
            value={role}
            onChange={(next) => {
              setRole(next);
              setLeft([]);
            }}
            options={roles.map((id) => ({ id, label: id }))}
          />
          <fieldset>
            <legend>{credentialWords.scopes}</legend>
            {possible.map((scope) => (
              <div key={scope}>
                <Checkbox
                  isOn={!left.includes(scope)}
                  onChange={(isOn) => setLeft(isOn ? left.filter((other) => other !== scope) : [...left, scope])}
                >
                  {permissionWords[scope] ?? scope}
                </Checkbox>
              </div>
            ))}
          </fieldset>
          <Choice label={credentialWords.expires} value={days} onChange={setDays} options={lengths()} />
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {credentialWords.create}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      )}
    </Dialog>
  );
}
