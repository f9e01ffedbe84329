import { useState } from "react";
import { rotateWebhookSecret, type Webhook } from "../../api/queries/webhooks";
import { Buttons, Muted, Section } from "../../parts/PageHead";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { webhookWords as texts } from "../../text/en/webhooks";
import { exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Form, FormError } from "../../ui/Field";

// The secret that signs messages: another one is made, and for a time both sign.
export function Secret({ org, webhook }: { org: string; webhook: Webhook }) {
  const [isRotating, setRotating] = useState(false);
  const until = webhook.previous_secret_until;
  return (
    <Section title={texts.secret} detail={texts.secret_detail}>
      {until && Date.parse(until) > Date.now() && <Muted>{texts.both_until(exactTime(until))}</Muted>}
      <div>
        <Button onPress={() => setRotating(true)}>{texts.rotate}</Button>
      </div>
      {isRotating && <Rotate org={org} webhook={webhook.id} onClose={() => setRotating(false)} />}
    </Section>
  );
}

const overlaps = ["0", "24", "168"] as const;

function Rotate({ org, webhook, onClose }: { org: string; webhook: string; onClose: () => void }) {
  const [hours, setHours] = useState<(typeof overlaps)[number]>("24");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();
  const make = () =>
    attempt.run(async () => {
      setSecret(await rotateWebhookSecret(org, webhook, Number(hours)));
    });
  const problem = attempt.apartFrom([]);
  return (
    <Dialog title={texts.rotate} isOpen isDismissable={false} onClose={onClose}>
      {secret !== undefined ? (
        <SecretOnce secret={secret} detail={texts.secret_once} onDone={onClose} />
      ) : (
        <Form onSubmit={() => void make()}>
          <Choice
            label={texts.rotate_overlap}
            value={hours}
            onChange={setHours}
            options={overlaps.map((id) => ({ id, label: texts.hours(Number(id)) }))}
          />
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {texts.rotate_make}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      )}
    </Dialog>
  );
}
