import { type ReactNode, useState } from "react";
import type { Environment } from "../api/queries/projects";
import { words } from "../text/en";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Form, FormError } from "../ui/Field";
import { Status } from "../ui/Status";
import { Buttons } from "./PageHead";
import { useAttempt } from "./use_attempt";

interface ConfirmProps {
  title: string;
  action: string; // verb and object
  env?: Environment | undefined; // where it happens: its key is typed if it asks for that
  typed?: string; // another key that has to be typed
  isDanger?: boolean;
  isReady?: boolean; // what the children ask for is there
  children?: ReactNode;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

// Says what will happen, and does it. It stays open when it was refused, and says why.
export function ConfirmDialog({
  title,
  action,
  env,
  isDanger = true,
  children,
  onConfirm,
  onClose,
  ...props
}: ConfirmProps) {
  const attempt = useAttempt();
  const [text, setText] = useState("");
  const typed = props.typed ?? (env?.confirmation === "type" ? env.key : undefined);
  const isReady = (props.isReady ?? true) && (typed === undefined || text === typed);
  const confirm = async () => {
    if (isReady && (await attempt.run(onConfirm))) onClose();
  };
  const problem = attempt.apartFrom([]);
  return (
    <Dialog title={title} isOpen isAlert isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => void confirm()}>
        {env?.protected && <Status kind="protected" text={env.name || env.key} />}
        {children}
        {typed !== undefined && (
          <Field label={words.type_key(typed)} isCode value={text} onChange={setText} autoComplete="off" autoFocus />
        )}
        {problem && <FormError>{problem}</FormError>}
        <Buttons>
          <Button
            kind={isDanger ? "danger" : "primary"}
            type="submit"
            isPending={attempt.isBusy}
            isDisabled={!isReady}
            autoFocus={typed === undefined}
          >
            {action}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
