import { useState } from "react";
import { generateContexts, mostContexts, writeJson } from "../../model/index";
import { Buttons } from "../../parts/PageHead";
import { words } from "../../text/en";
import { playWords } from "../../text/en/play";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form } from "../../ui/Field";
import { readRanges } from "./ranges";

interface GenerateDialogProps {
  onClose: () => void;
  onMade: (lines: string) => void;
}

const first = "targetingKey = user-*1000\ncountry = DE, AT, FR";

export function GenerateDialog({ onClose, onMade }: GenerateDialogProps) {
  const [text, setText] = useState(first);
  const [count, setCount] = useState("1000");
  const [error, setError] = useState<string>();
  const make = () => {
    const read = readRanges(text);
    if (!("ranges" in read)) return setError(playWords.ranges_bad(read.line));
    const wanted = Math.min(mostContexts, Math.max(1, Math.floor(Number(count)) || mostContexts));
    const made = generateContexts(read.ranges, wanted);
    if ("code" in made) return setError(playWords.range_error(made.attribute, playWords.range_errors[made.code]));
    onMade(made.map((context) => writeJson(context)).join("\n"));
  };
  return (
    <Dialog title={playWords.generate_title} isOpen onClose={onClose} isDismissable={false}>
      <Form onSubmit={make}>
        <Field
          label={playWords.ranges}
          hint={playWords.ranges_hint}
          isCode
          rows={6}
          value={text}
          onChange={(next) => {
            setText(next);
            setError(undefined);
          }}
          error={error}
          autoFocus
        />
        <Field label={playWords.how_many} inputMode="numeric" value={count} onChange={setCount} />
        <Buttons>
          <Button kind="primary" type="submit">
            {playWords.make}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
