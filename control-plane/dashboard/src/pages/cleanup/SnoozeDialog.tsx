import { useState } from "react";
import type { Place } from "../../api/queries/flags";
import { endSnoozes, snoozeFlags } from "../../api/queries/lifecycle";
import { Buttons } from "../../parts/PageHead";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { cleanupWords } from "../../text/en/cleanup";
import { day } from "../../text/format";
import { Button } from "../../ui/Button";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { toast } from "../../ui/toasts";

interface SnoozeDialogProps {
  place: Place;
  flags: readonly string[];
  onClose: () => void;
  onDone: () => void;
}

const spans = { week: 7, month: 30, quarter: 90, year: 365 };
type Span = keyof typeof spans;
const choices = Object.keys(spans) as Span[];
const daySeconds = 86_400;

// A year is what the API takes at most, counted from when the request arrives.
const untilOf = (span: Span): Date => new Date(Date.now() + (spans[span] * daySeconds - 60) * 1_000);

// Flags that are left out of the list for some time, and why.
export function SnoozeDialog({ place, flags, onClose, onDone }: SnoozeDialogProps) {
  const [span, setSpan] = useState<Span>("month");
  const [comment, setComment] = useState("");
  const attempt = useAttempt();
  const until = untilOf(span);
  const snooze = async () => {
    const isDone = await attempt.run(() => snoozeFlags(place, flags, until.toISOString(), comment.trim()));
    if (!isDone) return;
    toast(cleanupWords.snoozed_done(flags.length, day(until)), {
      action: { label: words.undo, onAction: () => void endSnoozes(place, flags) },
    });
    onClose();
    onDone();
  };
  const problem = attempt.apartFrom(["/comment"]);
  return (
    <Dialog title={cleanupWords.snooze_title(flags.length)} isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void snooze()}>
        <p>{cleanupWords.snooze_detail}</p>
        <Choice
          label={cleanupWords.snooze_for}
          value={span}
          options={choices.map((id) => ({ id, label: cleanupWords.spans[id] }))}
          onChange={setSpan}
        />
        <p>{cleanupWords.snooze_until(day(until))}</p>
        <Field
          label={cleanupWords.comment}
          isOptional
          value={comment}
          onChange={setComment}
          maxLength={1000}
          error={attempt.at("/comment")}
        />
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button kind="primary" type="submit" isPending={attempt.isBusy}>
            {cleanupWords.snooze_do(flags.length)}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
