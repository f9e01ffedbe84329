import { type ReactNode, useState } from "react";
import { words } from "../text/en";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Form, FormError } from "../ui/Field";
import { Buttons } from "./PageHead";
import { useAttempt } from "./use_attempt";

interface ConfirmProps {
  title: string;
  action: string; // verb and object
  typed?: string; // a key that has to be typed
  children: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

// Says what will happen, and does it. It stays open when it was refused, and says why.
export function ConfirmDialog({ title, action, typed, children, onConfirm, onClose }: ConfirmProps) {
  const attempt = useAttempt();
  const [text, setText] = useState("");
  const isReady = typed === undefined || text === typed;
  const confirm = async () => {
    if (isReady && (await attempt.run(onConfirm))) onClose();
  };
  const problem = attempt.apartFrom([]);
  return (
    <Dialog title={title} isOpen isAlert isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void confirm()}>
        {children}
        {typed !== undefined && (
          <Field label={words.type_key(typed)} isCode value={text} onChange={setText} autoComplete="off" autoFocus />
        )}
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button kind="danger" type="submit" isPending={attempt.isBusy} isDisabled={!isReady}>
            {action}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
