import { useEffect, useState } from "react";
import { Buttons } from "../../parts/PageHead";
import { SecretOnce } from "../../parts/SecretOnce";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Form, FormError } from "../../ui/Field";
import { toast } from "../../ui/toasts";
import type { Credential } from "./credential";
import { RotateWait } from "./RotateWait";

interface RotateProps {
  old: Credential;
  successor: Credential | undefined;
  onMake: (overlap: number, intention: string) => Promise<string>;
  onRevoke: () => Promise<void>;
  onRefresh: () => void;
  onClose: () => void;
}

const overlaps = ["1", "7", "30"] as const;
const day = 86_400;
const pause = 15_000; // between two looks at the last use, which no event tells of

// Three steps, which can be left and taken up again: a second one is made, it takes the place of the first, the first is revoked.
export function Rotate({ old, successor, onMake, onRevoke, onRefresh, onClose }: RotateProps) {
  const [secret, setSecret] = useState<string>();
  const [days, setDays] = useState<(typeof overlaps)[number]>("7");
  const attempt = useAttempt();
  const name = old.name || old.id;
  const isWaiting = successor !== undefined && secret === undefined;
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(onRefresh, pause);
    return () => clearInterval(timer);
  }, [isWaiting, onRefresh]);
  const make = () =>
    attempt.run(async (intention) => {
      setSecret(await onMake(Number(days) * day, intention));
    });
  const revoke = async () => {
    if (!(await attempt.run(onRevoke))) return;
    toast(credentialWords.rotate_done(name));
    onClose();
  };
  const step = secret !== undefined ? 2 : isWaiting ? 3 : 1;
  const problem = attempt.apartFrom([]);
  return (
    <Dialog title={credentialWords.rotate_named(name)} isOpen isDismissable={false} onClose={onClose}>
      <p>{credentialWords.rotate_step(step)}</p>
      {secret !== undefined ? (
        <SecretOnce secret={secret} onDone={() => setSecret(undefined)} />
      ) : successor ? (
        <RotateWait old={old} next={successor}>
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="danger" onPress={() => void revoke()} isPending={attempt.isBusy}>
              {credentialWords.rotate_revoke}
            </Button>
            <Button onPress={onClose}>{credentialWords.later}</Button>
          </Buttons>
        </RotateWait>
      ) : (
        <Form onSubmit={() => void make()}>
          <p>{credentialWords.rotate_detail}</p>
          <Choice
            label={credentialWords.rotate_overlap}
            value={days}
            onChange={setDays}
            options={overlaps.map((id) => ({ id, label: credentialWords.days(Number(id)) }))}
          />
          {problem && <FormError>{problem}</FormError>}
          <Buttons>
            <Button kind="primary" type="submit" isPending={attempt.isBusy}>
              {credentialWords.rotate_make}
            </Button>
            <Button onPress={onClose}>{words.cancel}</Button>
          </Buttons>
        </Form>
      )}
    </Dialog>
  );
}
