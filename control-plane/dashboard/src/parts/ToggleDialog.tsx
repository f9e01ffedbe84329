import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { flagConfigQuery, lastMinuteQuery } from "../api/queries/flag_config";
import { type Place, setEnabled } from "../api/queries/flags";
import type { Environment } from "../api/queries/projects";
import { words } from "../text/en";
import { flagsWords } from "../text/en/flags";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Form, FormError } from "../ui/Field";
import { Status } from "../ui/Status";
import { Buttons } from "./PageHead";
import { problemText } from "./Problem";
import { offerUndo } from "./toggle";

export interface Toggle {
  place: Place;
  flag: string;
  env: Environment;
  isOn: boolean; // what it shall be
  version: number;
  percent: number;
}

interface ToggleDialogProps {
  toggle: Toggle;
  onClose: () => void;
  onDone?: () => void; // when it is so
}

// Turning on or off where it is not done at once: says what everybody gets then, and how many ask. Off is one confirmation away.
export default function ToggleDialog({ toggle, onClose, onDone }: ToggleDialogProps) {
  const { place, flag, env, isOn, version, percent } = toggle;
  const config = useQuery(flagConfigQuery(place, flag, env.key));
  const counted = useQuery(lastMinuteQuery(place, flag, env.key));
  const [comment, setComment] = useState("");
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const off = config.data?.value.off;
  const effect = isOn
    ? flagsWords.everybody_on(percent)
    : off
      ? flagsWords.everybody_off(off)
      : flagsWords.everybody_default;
  const isReady =
    (!env.comment_required || comment.trim() !== "") && (env.confirmation !== "type" || typed === env.key);

  const confirm = async () => {
    if (!isReady || isBusy) return;
    setBusy(true);
    try {
      const changed = await setEnabled(place, flag, env.key, isOn, version, comment.trim());
      offerUndo({ ...toggle, version: changed }, env.comment_required ? comment.trim() : "");
      onDone?.();
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={(isOn ? flagsWords.turn_on_in : flagsWords.turn_off_in)(flag, env.key)}
      isOpen
      isAlert
      onClose={onClose}
    >
      <Form onSubmit={() => void confirm()}>
        {env.protected && <Status kind="protected" />}
        {!config.isPending && <p>{effect}</p>}
        <p>{counted.data === undefined ? flagsWords.last_minute_unknown : flagsWords.last_minute(counted.data)}</p>
        <Field
          label={flagsWords.comment}
          isOptional={!env.comment_required}
          hint={env.comment_required ? flagsWords.comment_required : undefined}
          value={comment}
          onChange={setComment}
          maxLength={1000}
        />
        {env.confirmation === "type" && (
          <Field label={flagsWords.type_key(env.key)} isCode value={typed} onChange={setTyped} autoComplete="off" />
        )}
        {error !== undefined && <FormError>{problemText(error)}</FormError>}
        <Buttons>
          <Button
            kind={isOn ? "primary" : "danger"}
            type="submit"
            isDisabled={!isReady}
            isPending={isBusy}
            autoFocus={env.confirmation !== "type" && !env.comment_required}
          >
            {(isOn ? flagsWords.verb_on : flagsWords.verb_off)(env.key)}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
