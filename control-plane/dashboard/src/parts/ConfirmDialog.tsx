import { type ReactNode, useState } from "react";
import type { Environment } from "../api/queries/projects";
import { words } from "../text/en";
import { changeWords } from "../text/en/changes";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Form, FormError } from "../ui/Field";
import { Status } from "../ui/Status";
import { Buttons } from "./PageHead";
import { problemText } from "./Problem";

interface ConfirmDialogProps {
  title: string;
  detail?: ReactNode;
  verb: string;
  env?: Environment | undefined; // whose key may have to be typed
  isDanger?: boolean;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

// Before something is stopped or goes on: what follows, and one press.
export function ConfirmDialog({ title, detail, verb, env, isDanger = true, onConfirm, onClose }: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const mustType = env?.confirmation === "type";
  const isReady = !mustType || typed === env?.key;
  const confirm = async () => {
    if (isBusy || !isReady) return;
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (failed) {
      setError(failed);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} isOpen isAlert onClose={onClose}>
      <Form onSubmit={() => void confirm()}>
        {env?.protected && <Status kind="protected" text={env.name || env.key} />}
        {detail && <p>{detail}</p>}
        {mustType && env && (
          <Field label={changeWords.type_key(env.key)} isCode value={typed} onChange={setTyped} autoComplete="off" />
        )}
        {error !== undefined && <FormError>{problemText(error)}</FormError>}
        <Buttons>
          <Button
            kind={isDanger ? "danger" : "primary"}
            type="submit"
            isDisabled={!isReady}
            isPending={isBusy}
            autoFocus={!mustType}
          >
            {verb}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
