import { useRef, useState } from "react";
import type { Place } from "../../api/queries/flags";
import { saveContext } from "../../api/queries/saved_contexts";
import { Buttons, Muted } from "../../parts/PageHead";
import { useMay } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { playWords } from "../../text/en/play";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Form, FormError } from "../../ui/Field";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { mostSaved, savedNames } from "./saving";

interface SaveContextsProps {
  place: Place;
  texts: readonly string[];
  onClose: () => void;
}

// The contexts of the page under a name. Each is saved by itself: where one is refused, the next attempt goes on with it.
export default function SaveContexts({ place, texts, onClose }: SaveContextsProps) {
  const mayShare = useMay()("edit", place.org, place.project);
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  const [done, setDone] = useState(0);
  const attempt = useAttempt();
  const given = useRef(texts).current; // what is typed meanwhile is not saved
  const isTooMany = given.length > mostSaved;
  const save = async () => {
    const names = savedNames(name.trim(), given.length);
    const isSaved = await attempt.run(async (intention) => {
      for (let i = done; i < given.length; i++) {
        await saveContext(place, { name: names[i] ?? "", text: given[i] ?? "", shared: isShared }, `${intention}-${i}`);
        setDone(i + 1);
      }
    });
    if (!isSaved) return;
    toast(playWords.save_done(given.length));
    onClose();
  };
  const others = attempt.apartFrom(["/name"]);
  return (
    <Dialog title={playWords.save} isOpen onClose={onClose} isDismissable={!attempt.isBusy}>
      <Form onSubmit={() => void save()}>
        <Field
          label={playWords.save_name}
          hint={given.length > 1 ? playWords.save_name_many(given.length) : undefined}
          value={name}
          onChange={setName}
          error={attempt.at("/name")}
          maxLength={190}
          autoFocus
        />
        {mayShare && (
          <Switch isOn={isShared} isDisabled={done > 0} onChange={setShared}>
            {playWords.save_shared}
          </Switch>
        )}
        {isShared && <Muted>{playWords.save_no_secrets}</Muted>}
        {isTooMany && <FormError>{playWords.save_too_many(mostSaved)}</FormError>}
        {others !== undefined && <FormError>{others}</FormError>}
        {done > 0 && done < given.length && <p role="status">{playWords.save_some(done, given.length)}</p>}
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={name.trim() === "" || isTooMany} isPending={attempt.isBusy}>
            {playWords.save}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
