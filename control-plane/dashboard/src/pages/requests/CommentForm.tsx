import { useState } from "react";
import { addComment, type RequestPlace } from "../../api/queries/requests";
import { Buttons } from "../../parts/PageHead";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { requestWords } from "../../text/en/requests";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";

interface CommentFormProps {
  place: RequestPlace;
  line?: string; // that it is about; without one, the whole request
  onClose?: () => void;
}

// What is typed stays when it was refused.
export function CommentForm({ place, line, onClose }: CommentFormProps) {
  const [text, setText] = useState("");
  const attempt = useAttempt();
  const send = async () => {
    if (text.trim() === "") return;
    const comment = { text: text.trim(), ...(line === undefined ? {} : { line }) };
    if (!(await attempt.run((key) => addComment(place, comment, key)))) return;
    setText("");
    onClose?.();
  };
  const problem = attempt.apartFrom(["/text"]);
  return (
    <Form onSubmit={() => void send()}>
      <Field
        label={line === undefined ? requestWords.say : requestWords.say_of_line}
        value={text}
        onChange={setText}
        rows={line === undefined ? 3 : 2}
        maxLength={4000}
        error={attempt.at("/text")}
        autoFocus={line !== undefined}
      />
      {problem && <FormError>{problem}</FormError>}
      <Buttons>
        <Button type="submit" isDisabled={text.trim() === ""} isPending={attempt.isBusy}>
          {requestWords.add_comment}
        </Button>
        {onClose && <Button onPress={onClose}>{words.cancel}</Button>}
      </Buttons>
    </Form>
  );
}
