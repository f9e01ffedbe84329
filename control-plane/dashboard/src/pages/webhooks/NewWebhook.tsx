import { useState } from "react";
import { createWebhook, type Webhook } from "../../api/queries/webhooks";
import { Buttons } from "../../parts/PageHead";
import { useGo } from "../../parts/page";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { Warnings } from "../../parts/Warnings";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { webhookWords as texts } from "../../text/en/webhooks";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Form, FormError } from "../../ui/Field";
import { type Fields, pointers, WebhookFields } from "./WebhookFields";

const nothing: Fields = { name: "", url: "", template: "generic", events: [], projects: [], environments: [] };

export function NewWebhook({ org, onClose }: { org: string; onClose: () => void }) {
  const go = useGo();
  const [fields, setFields] = useState(nothing);
  const [made, setMade] = useState<Webhook>();
  const attempt = useAttempt();
  const create = () =>
    attempt.run(async (intention) => {
      setMade(await createWebhook(org, { ...fields, url: fields.url.trim() }, intention));
    });
  const problem = attempt.apartFrom(pointers);
  return (
    <Dialog title={made ? texts.secret : texts.new} size="wide" isOpen isDismissable={false} onClose={onClose}>
      {made ? (
        <>
          <Warnings warnings={made.warnings ?? []} />
          <SecretOnce
            secret={made.secret ?? ""}
            detail={texts.secret_once}
            onDone={() => go(paths.webhook(org, made.id), true)}
          />
        </>
      ) : (
        <Form onSubmit={() => void create()}>
          <WebhookFields
            org={org}
            value={fields}
            onChange={(changes) => setFields({ ...fields, ...changes })}
            at={attempt.at}
            isNew
          />
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {texts.create}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      )}
    </Dialog>
  );
}
