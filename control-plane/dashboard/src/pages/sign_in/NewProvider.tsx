import { useState } from "react";
import { createIdentityProvider } from "../../api/queries/identity_providers";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { useGo } from "../../parts/page";
import { useAttempt } from "../../parts/use_attempt";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { signOnWords as texts } from "../../text/en/sign_on";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Tokens } from "../../ui/Tokens";
import { toast } from "../../ui/toasts";
import { Callback } from "./Callback";
import { SecretField } from "./SecretField";

// What it takes; everything else is on the provider's page, where it is still off.
export function NewProvider({ org, onClose }: { org: string; onClose: () => void }) {
  const go = useGo();
  const [name, setName] = useState("");
  const [key, setKey] = useState<string>(); // once it is not that of the name
  const [issuer, setIssuer] = useState("");
  const [clientId, setClientId] = useState("");
  const [secret, setSecret] = useState("");
  const [domains, setDomains] = useState<string[]>([]);
  const attempt = useAttempt();
  const create = () =>
    attempt.run(async (intention) => {
      const given = { key: key ?? keyOf(name), name, issuer: issuer.trim(), client_id: clientId.trim(), domains };
      const made = await createIdentityProvider(org, { ...given, client_secret: secret || null }, intention);
      toast(texts.created(made.name || made.key));
      go(paths.identityProvider(org, made.key), true);
    });
  const problem = attempt.apartFrom(["/name", "/key", "/issuer", "/client_id", "/client_secret", "/domains"]);
  return (
    <Dialog title={texts.new} size="wide" isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void create()}>
        <Callback />
        <Field label={texts.name} value={name} onChange={setName} error={attempt.at("/name")} autoFocus />
        <Field
          label={texts.key}
          hint={texts.key_hint}
          isCode
          value={key ?? keyOf(name)}
          onChange={setKey}
          error={attempt.at("/key")}
        />
        <Field
          label={texts.issuer}
          hint={texts.issuer_hint}
          isCode
          value={issuer}
          onChange={setIssuer}
          error={attempt.at("/issuer")}
        />
        <Field
          label={texts.client_id}
          isCode
          value={clientId}
          onChange={setClientId}
          error={attempt.at("/client_id")}
        />
        <SecretField
          value={secret}
          onChange={setSecret}
          hint={texts.secret_none}
          error={attempt.at("/client_secret")}
        />
        <Tokens
          label={texts.domains}
          hint={texts.domains_hint}
          values={domains}
          onChange={setDomains}
          error={attempt.at("/domains")}
        />
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isPending={attempt.isBusy}>
            {texts.create}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
