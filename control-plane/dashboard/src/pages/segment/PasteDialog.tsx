import { useMemo, useState } from "react";
import { Buttons, Muted } from "../../parts/PageHead";
import { words } from "../../text/en";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form } from "../../ui/Field";
import { splitValues } from "../../ui/Tokens";

interface PasteDialogProps {
  title: string;
  onClose: () => void;
  onReview: (values: string[]) => void;
}

// Values by typing or pasting them.
export function PasteDialog({ title, onClose, onReview }: PasteDialogProps) {
  const [text, setText] = useState("");
  const values = useMemo(() => [...new Set(splitValues(text))], [text]);
  return (
    <Dialog title={title} isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => values.length > 0 && onReview(values)}>
        <Field
          label={segmentWords.paste}
          hint={segmentWords.paste_hint}
          isCode
          rows={10}
          value={text}
          onChange={setText}
          autoFocus
        />
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={values.length === 0}>
            {segmentWords.review}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
          <Muted>{segmentWords.pasted(values.length)}</Muted>
        </Buttons>
      </Form>
    </Dialog>
  );
}
