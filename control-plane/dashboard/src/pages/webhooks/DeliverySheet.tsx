import { useQuery } from "@tanstack/react-query";
import { type Attempt, type Delivery, deliveryQuery, replayDelivery } from "../../api/queries/webhooks";
import { Load } from "../../parts/Load";
import { Buttons, Line, Lines, Muted } from "../../parts/PageHead";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { webhookWords as texts } from "../../text/en/webhooks";
import { ago, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { deliveryStatus } from "./status";
import styles from "./Webhooks.module.css";

interface SheetProps {
  org: string;
  webhook: string;
  delivery: string;
  onClose: () => void;
}

// A message, and what every attempt to deliver it met.
export function DeliverySheet({ org, webhook, delivery, onClose }: SheetProps) {
  const query = useQuery(deliveryQuery(org, webhook, delivery));
  const attempt = useAttempt();
  const replay = () =>
    attempt.run(async () => {
      await replayDelivery(org, webhook, delivery);
      toast(texts.replayed);
    });
  const problem = attempt.apartFrom([]);
  return (
    <Dialog
      title={texts.delivery(query.data?.event ?? delivery)}
      shape="sheet"
      size="wide"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button kind="primary" onPress={() => void replay()} isPending={attempt.isBusy}>
            {texts.replay}
          </Button>
          <Button onPress={onClose}>{words.close}</Button>
        </>
      }
    >
      {problem && <FormError>{problem}</FormError>}
      <Load query={query}>{(found) => <Content delivery={found} />}</Load>
    </Dialog>
  );
}

function Content({ delivery }: { delivery: Delivery }) {
  const { id, state, attempt_log: log, next_attempt_at: next, created_at: queued } = delivery;
  const isEnded = state === "delivered" || state === "dead";
  return (
    <div className={styles.delivery}>
      <Buttons>
        <Status {...deliveryStatus(state)} />
        <Muted>
          {texts.queued} {exactTime(queued)}
        </Muted>
        {!isEnded && next && <Muted>{texts.next(exactTime(next))}</Muted>}
      </Buttons>
      <div>
        <Muted>{texts.message_id}</Muted>
        <CopyText text={id} isBlock />
      </div>
      <h3>{texts.attempts}</h3>
      {log.length === 0 ? (
        <Muted>{texts.no_attempts}</Muted>
      ) : (
        <Lines label={texts.attempts}>
          {log.map((one) => (
            <AttemptLine key={one.at} attempt={one} />
          ))}
        </Lines>
      )}
      <h3>{texts.message}</h3>
      <pre className={styles.text}>{JSON.stringify(delivery.body, null, 2)}</pre>
    </div>
  );
}

function AttemptLine({ attempt: { at, status, took_ms, error, response } }: { attempt: Attempt }) {
  return (
    <Line
      end={
        <Muted>
          {texts.took(took_ms)} · <time title={exactTime(at)}>{ago(at)}</time>
        </Muted>
      }
    >
      <span>
        {status === null ? texts.no_answer : texts.status(status)} {error}
      </span>
      {response !== "" && <pre className={styles.text}>{response}</pre>}
    </Line>
  );
}
