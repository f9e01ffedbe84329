import { useEffect, useRef, useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import { bulkDryRun, changeInBulk, type DryRun, type Instruction, type Place } from "../../api/queries/flags";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Loading } from "../../ui/States";
import { Tokens } from "../../ui/Tokens";
import { toast } from "../../ui/toasts";
import type { BulkVerb } from "./BulkBar";
import styles from "./FlagList.module.css";

interface BulkDialogProps {
  place: Place;
  verb: BulkVerb;
  flags: string[];
  versions: Record<string, number>;
  onClose: () => void;
  onDone: () => void;
}

const pause = 300;

function instructionOf(verb: BulkVerb, tags: readonly string[], owner: string): Instruction | undefined {
  if (verb === "archive") return { kind: "archive" };
  if (verb === "set_owner") return { kind: "set_owner", owner: owner.trim() };
  return tags.length === 0 ? undefined : { kind: verb === "tag" ? "add_tags" : "remove_tags", tags };
}

// Says what would change before anything does.
export default function BulkDialog({ place, verb, flags, versions, onClose, onDone }: BulkDialogProps) {
  const [tags, setTags] = useState<string[]>([]);
  const [owner, setOwner] = useState("");
  const [comment, setComment] = useState("");
  const [review, setReview] = useState<DryRun>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const attempt = useRef(newIdempotencyKey());
  const instruction = instructionOf(verb, tags, owner);
  const asked = JSON.stringify(instruction ?? null);

  useEffect(() => {
    setReview(undefined);
    setError(undefined);
    attempt.current = newIdempotencyKey(); // something else is another intention
    const wanted = JSON.parse(asked) as Instruction | null;
    if (wanted === null) return;
    let isOver = false;
    const timer = setTimeout(() => {
      bulkDryRun(place, { flags, versions, instructions: [wanted] })
        .then((answer) => isOver || setReview(answer))
        .catch((failed) => isOver || setError(failed));
    }, pause);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [asked, place, flags, versions]);

  const apply = async () => {
    if (instruction === undefined || review === undefined || isBusy) return;
    setBusy(true);
    try {
      const done = await changeInBulk(
        place,
        { flags, versions, instructions: [instruction] },
        comment.trim(),
        attempt.current,
      );
      toast(flagsWords.bulk_done(done.changed.length));
      onDone();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };

  return (
    <Dialog title={flagsWords.bulk_title[verb]} size="wide" isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void apply()}>
        {(verb === "tag" || verb === "untag") && <Tokens label={flagsWords.tags} values={tags} onChange={setTags} />}
        {verb === "set_owner" && <Field label={flagsWords.owner} value={owner} onChange={setOwner} autoFocus />}
        {instruction && !review && error === undefined && <Loading rows={3} />}
        {review && <Review review={review} />}
        {error !== undefined && <FormError>{problemText(error)}</FormError>}
        <Field
          label={flagsWords.comment}
          isOptional
          value={comment}
          onChange={(text) => {
            attempt.current = newIdempotencyKey();
            setComment(text);
          }}
          maxLength={1000}
        />
        <Buttons>
          <Button
            kind={verb === "archive" ? "danger" : "primary"}
            type="submit"
            isDisabled={review === undefined || review.changes.length === 0}
            isPending={isBusy}
          >
            {flagsWords.bulk_apply(flagsWords.bulk_title[verb], flags.length)}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}

function Review({ review }: { review: DryRun }) {
  return (
    <>
      <h3>{flagsWords.bulk_review}</h3>
      {review.changes.length === 0 ? (
        <p>{flagsWords.bulk_nothing}</p>
      ) : (
        <ul className={styles.review}>
          {review.changes.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {review.publishes.length > 0 && <p>{flagsWords.bulk_publishes(list(review.publishes))}</p>}
      {review.dependants.length > 0 && (
        <>
          <h3>{flagsWords.bulk_dependants}</h3>
          <ul className={styles.review}>
            {review.dependants.map((use) => (
              <li key={`${use.key} ${use.environment} ${use.pointer}`}>
                <code>{use.key}</code> {use.environment} {use.place}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
