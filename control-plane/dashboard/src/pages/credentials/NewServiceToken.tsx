import { useState } from "react";
import type { Permission } from "../../api/queries/me";
import { createServiceToken } from "../../api/queries/service_tokens";
import { Buttons } from "../../parts/PageHead";
import { PermissionChoice } from "../../parts/PermissionChoice";
import { roleOptions, useRolesToGive } from "../../parts/roles";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { endOf, type Length, lengths } from "./length";

export function NewServiceToken({ org, onClose }: { org: string; onClose: () => void }) {
  const roles = useRolesToGive(org);
  const [name, setName] = useState("");
  const [role, setRole] = useState("developer");
  const [left, setLeft] = useState<readonly Permission[]>([]); // out of the role's
  const [days, setDays] = useState<Length>("90");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();
  const possible = roles.find((one) => one.key === role)?.permissions ?? [];
  const scopes = possible.filter((permission) => !left.includes(permission));
  const create = () =>
    attempt.run(async (intention) => {
      const made = await createServiceToken(org, { name, role, scopes, expires_at: endOf(days) }, intention);
      setSecret(made.token ?? "");
    });
  const problem = attempt.apartFrom(["/name", "/role", "/scopes", "/expires_at"]);
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
          <Select
            label={credentialWords.role}
            value={role}
            onChange={(next) => {
              setRole(next);
              setLeft([]);
            }}
            options={roleOptions(roles)}
            error={attempt.at("/role")}
          />
          <PermissionChoice
            label={credentialWords.scopes}
            offered={possible}
            chosen={scopes}
            onChange={(chosen) => setLeft(possible.filter((scope) => !chosen.includes(scope)))}
            error={attempt.at("/scopes")}
          />
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
