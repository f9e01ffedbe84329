import { useState } from "react";
import type { Tagged } from "../../api/client";
import { type IdentityProvider, saveIdentityProvider } from "../../api/queries/identity_providers";
import { EditForm } from "../../parts/EditForm";
import { useEdit } from "../../parts/use_edit";
import { signOnWords as texts } from "../../text/en/sign_on";
import { Field } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";
import { SecretField } from "./SecretField";

const fields = {
  enabled: texts.enabled,
  name: texts.name,
  issuer: texts.issuer,
  client_id: texts.client_id,
  scopes: texts.scopes,
  domains: texts.domains,
  groups_claim: texts.groups_claim,
  adds_members: texts.adds_members,
};
const pointers = [...Object.keys(fields), "client_secret"].map((name) => `/${name}`);

export function ProviderForm({ org, given }: { org: string; given: Tagged<IdentityProvider> }) {
  const { key } = given.value;
  const [secret, setSecret] = useState(""); // not with the rest, which is kept until it is saved
  const edit = useEdit<IdentityProvider>(`${org}/identity-providers/${key}`, given, async (changes, etag) => {
    const saved = await saveIdentityProvider(
      org,
      key,
      { ...changes, ...(secret === "" ? {} : { client_secret: secret }) },
      etag,
    );
    setSecret("");
    return saved;
  });
  const { value, set, attempt } = edit;
  const text = (name: "name" | "issuer" | "client_id" | "groups_claim") => ({
    label: texts[name],
    value: value[name] ?? "",
    onChange: (next: string) => set({ [name]: next }),
    error: attempt.at(`/${name}`),
  });
  const tokens = (name: "scopes" | "domains") => ({
    label: texts[name],
    values: value[name] ?? [],
    onChange: (next: string[]) => set({ [name]: next }),
    error: attempt.at(`/${name}`),
  });
  const isMoved = value.issuer !== given.value.issuer;
  const secretHint = isMoved ? texts.secret_needed : value.has_client_secret ? texts.secret_kept : texts.secret_none;
  return (
    <EditForm
      edit={edit}
      fields={fields}
      pointers={pointers}
      isDirtyToo={secret !== ""}
      saved={texts.saved(value.name || key)}
    >
      <Switch isOn={value.enabled ?? false} onChange={(enabled) => set({ enabled })}>
        {texts.enabled}
      </Switch>
      <p>{texts.enabled_detail}</p>
      <Field {...text("name")} />
      <Field {...text("issuer")} hint={texts.issuer_hint} isCode />
      <Field {...text("client_id")} isCode />
      <SecretField value={secret} onChange={setSecret} hint={secretHint} error={attempt.at("/client_secret")} />
      <Tokens {...tokens("scopes")} hint={texts.scopes_hint} isCode />
      <Tokens {...tokens("domains")} hint={texts.domains_hint} />
      <Field {...text("groups_claim")} hint={texts.groups_hint} isCode />
      <Switch isOn={value.adds_members ?? false} onChange={(adds_members) => set({ adds_members })}>
        {texts.adds_members}
      </Switch>
    </EditForm>
  );
}
