import type { Place } from "../../api/queries/flags";
import { deleteContext, type SavedContext } from "../../api/queries/saved_contexts";
import { Buttons, Line, Lines, Muted } from "../../parts/PageHead";
import { useMay } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { words } from "../../text/en";
import { playWords } from "../../text/en/play";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";

interface DeleteContextsProps {
  place: Place;
  saved: readonly SavedContext[];
  onClose: () => void;
}

// Those that one may delete: one's own, and the project's with the permission to edit.
export default function DeleteContexts({ place, saved, onClose }: DeleteContextsProps) {
  const mayShared = useMay()("edit", place.org, place.project);
  const attempt = useAttempt();
  const error = attempt.apartFrom([]);
  return (
    <Dialog title={playWords.saved_delete} isOpen onClose={onClose}>
      <Lines label={playWords.saved}>
        {saved.map(({ id, name, shared }) => (
          <Line
            key={id}
            end={
              (mayShared || !shared) && (
                <IconButton
                  icon="close"
                  label={playWords.saved_delete_one(name)}
                  onPress={() => void attempt.run(() => deleteContext(place, id))}
                />
              )
            }
          >
            <span>{name}</span>
            {shared && <Muted>{playWords.saved_is_shared}</Muted>}
          </Line>
        ))}
      </Lines>
      {error !== undefined && <FormError>{error}</FormError>}
      <Buttons>
        <Button onPress={onClose}>{words.close}</Button>
      </Buttons>
    </Dialog>
  );
}
