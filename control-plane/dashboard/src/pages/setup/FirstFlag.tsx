import { useState } from "react";
import { newIdempotencyKey } from "../../api/client";
import { isProblem } from "../../api/errors";
import type { Flag, Place } from "../../api/queries/flags";
import { createFlag } from "../../api/queries/new_flag";
import { keyOf } from "../../parts/key_of";
import { Buttons } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { newFlagWords } from "../../text/en/code";
import { setupWords } from "../../text/en/home";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";

interface FirstFlagProps {
  place: Place;
  onDone: (flag: Flag) => void;
  onLater: () => void;
}

export function FirstFlag({ place, onDone, onLater }: FirstFlagProps) {
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>();
  const problem = isProblem(error) ? error : undefined;
  const create = async () => {
    try {
      onDone(await createFlag(place, { key: keyOf(name), name, type: "boolean" }, newIdempotencyKey()));
    } catch (failed) {
      setError(failed);
    }
  };
  const atName = problem?.at("/name") ?? problem?.at("/key");
  return (
    <Form onSubmit={() => void create()}>
      <p>{setupWords.flag_detail}</p>
      <Field label={newFlagWords.name} value={name} onChange={setName} error={atName} autoFocus />
      {keyOf(name) !== "" && <code>{keyOf(name)}</code>}
      {error !== undefined && !atName && <FormError>{problemText(error)}</FormError>}
      <Buttons>
        <Button kind="primary" type="submit">
          {newFlagWords.create}
        </Button>
        <Button kind="quiet" onPress={onLater}>
          {setupWords.later}
        </Button>
      </Buttons>
    </Form>
  );
}
