import { useState } from "react";
import { createKey, type KeyPlace, type NewApiKey } from "../../api/queries/keys";
import { Buttons } from "../../parts/PageHead";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Checkbox } from "../../ui/Switch";
import { endOf, type Length, lengths } from "./length";

type Kind = NewApiKey["kind"];
const hints = {
  server: credentialWords.server_hint,
  client: credentialWords.client_hint,
  relay: credentialWords.relay_hint,
};

export function NewKey({ place, onClose }: { place: KeyPlace; onClose: () => void }) {
  const kinds: readonly Kind[] = place.env ? ["server", "client", "relay"] : ["relay"];
  const [kind, setKind] = useState<Kind>(kinds[0] ?? "relay");
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const [isMinimal, setMinimal] = useState(false);
  const [hasRules, setRules] = useState(false);
  const [days, setDays] = useState<Length>("365");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();
  const isClient = kind === "client";
  const create = () =>
    attempt.run(async (intention) => {
      const client = isClient ? { origins: linesOf(origins), ofrep_minimal: isMinimal, rules: hasRules } : {};
      const made = await createKey(place, { kind, name, expires_at: endOf(days), ...client }, intention);
      setSecret(made.key ?? "");
    });
  const title = credentialWords.key_new_at(place.env ?? place.project ?? place.org);
  const problem = attempt.apartFrom(["/name", "/origins", "/expires_at"]);
  return (
    <Dialog title={title} isOpen isDismissable={false} onClose={onClose}>
      {secret !== undefined ? (
        <SecretOnce secret={secret} onDone={onClose} />
      ) : (
        <Form onSubmit={() => void create()}>
          {kinds.length > 1 && (
            <Choice
              label={credentialWords.kind}
              value={kind}
              onChange={setKind}
              options={kinds.map((id) => ({ id, label: credentialWords[id] }))}
            />
          )}
          <p>{hints[kind]}</p>
          <Field
            label={credentialWords.name}
            hint={credentialWords.name_hint}
            value={name}
            onChange={setName}
            error={attempt.at("/name")}
            autoFocus
          />
          {isClient && (
            <>
              <Field
                label={credentialWords.origins}
                hint={credentialWords.origins_hint}
                isCode
                rows={3}
                value={origins}
                onChange={setOrigins}
                error={attempt.at("/origins")}
              />
              <Checkbox isOn={isMinimal} onChange={setMinimal}>
                {credentialWords.minimal}
              </Checkbox>
              <Checkbox isOn={hasRules} onChange={setRules}>
                {credentialWords.rules}
              </Checkbox>
            </>
          )}
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

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
