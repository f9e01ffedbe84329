import { useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { Buttons } from "../../parts/PageHead";
import ReviewSheet, { type Given } from "../../parts/ReviewSheet";
import { StillAsked } from "../../parts/StillAsked";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form } from "../../ui/Field";
import { Tokens } from "../../ui/Tokens";
import type { BulkVerb } from "./BulkBar";
import BulkProgress from "./BulkProgress";
import { type BulkInstruction, bulkReviewed, mostAtOnce } from "./bulk";

interface BulkDialogProps {
  place: Place;
  environments: readonly Environment[];
  verb: BulkVerb;
  flags: readonly FlagEntry[];
  onClose: () => void;
  onDone: (keys: readonly string[]) => void; // of the flags that are done
}

// What it takes to say what is meant, then the review of all that would change.
export default function BulkDialog({ place, environments, verb, flags, onClose, onDone }: BulkDialogProps) {
  const [instruction, setInstruction] = useState<BulkInstruction | undefined>(
    verb === "archive" ? { kind: verb } : undefined,
  );
  const [batched, setBatched] = useState<{ given: Given; flags: readonly FlagEntry[] }>();
  if (instruction === undefined) return <Input verb={verb} onDone={setInstruction} onClose={onClose} />;
  if (batched) return <BulkProgress {...batched} {...{ place, instruction }} onClose={onDone} />;
  const keys = flags.map((flag) => flag.key);
  const one = bulkReviewed({ place, flags, environments, instruction });
  const isOne = keys.length <= mostAtOnce;
  const reviewed = isOne ? one : { ...one, publish: async (given: Given) => setBatched({ given, flags }) };
  return (
    <ReviewSheet
      reviewed={verb === "archive" ? { ...reviewed, impact: <StillAsked place={place} flags={keys} /> } : reviewed}
      onClose={onClose}
      onDone={() => isOne && onDone(keys)}
    />
  );
}

interface InputProps {
  verb: BulkVerb;
  onDone: (instruction: BulkInstruction) => void;
  onClose: () => void;
}

function Input({ verb, onDone, onClose }: InputProps) {
  const [tags, setTags] = useState<string[]>([]);
  const [owner, setOwner] = useState("");
  const isReady = verb === "set_owner" || tags.length > 0;
  const done = () => {
    if (verb === "set_owner") onDone({ kind: verb, owner: owner.trim() });
    else if (verb !== "archive" && isReady) onDone({ kind: verb, tags });
  };
  return (
    <Dialog title={flagsWords.bulk_title[verb]} isOpen onClose={onClose}>
      <Form onSubmit={done}>
        {verb === "set_owner" ? (
          <Field label={flagsWords.owner} hint={flagsWords.owner_none} value={owner} onChange={setOwner} autoFocus />
        ) : (
          <Tokens label={flagsWords.tags} hint={flagsWords.tags_hint} values={tags} onChange={setTags} />
        )}
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={!isReady}>
            {flagsWords.review}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
