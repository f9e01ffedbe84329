import { useState } from "react";
import type { Permission } from "../../api/queries/me";
import { createPersonalToken } from "../../api/queries/personal_tokens";
import { permissions } from "../../model/index";
import { Buttons } from "../../parts/PageHead";
import { PermissionChoice } from "../../parts/PermissionChoice";
import { SecretOnce } from "../../parts/SecretOnce";
import { useMe } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { meWords } from "../../text/en/me";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { endOf, type Length, lengths } from "../credentials/length";

export function NewToken({ onClose }: { onClose: () => void }) {
  const orgs = useMe()?.orgs ?? [];
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Permission[]>(["read"]);
  const [days, setDays] = useState<Length>("90");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();
  const isHeld = (permission: Permission) =>
    orgs.some((org) => [org, ...org.assignments].some((held) => held.permissions.includes(permission)));
  const create = () =>
    attempt.run(async () => {
      setSecret((await createPersonalToken({ name, scopes, expires_at: endOf(days) })).token ?? "");
    });
  const problem = attempt.apartFrom(["/name", "/scopes", "/expires_at"]);
  return (
    <Dialog title={meWords.token_new} isOpen isDismissable={false} onClose={onClose}>
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
          <PermissionChoice
            label={meWords.token_scopes}
            offered={permissions.filter(isHeld)}
            chosen={scopes}
            onChange={setScopes}
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
