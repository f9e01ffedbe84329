import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { Place } from "../../api/queries/flags";
import { savedContextsQuery } from "../../api/queries/saved_contexts";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { playWords } from "../../text/en/play";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Menu } from "../../ui/Menu";

const SaveContexts = later(() => import("./SaveContexts"));
const DeleteContexts = later(() => import("./DeleteContexts"));

interface SavedContextsProps {
  place: Place;
  texts: readonly string[]; // of the contexts that the page has
  onTake: (id: string) => void;
}

// What has been saved, own and the project's: taken in, saved and deleted.
export function SavedContexts({ place, texts, onTake }: SavedContextsProps) {
  const query = useQuery(savedContextsQuery(place));
  const [dialog, setDialog] = useState<"save" | "delete">();
  const saved = query.data ?? [];
  const group = (id: string, title: string, isShared: boolean) => ({
    id,
    title,
    actions: saved
      .filter(({ shared }) => shared === isShared)
      .map((one) => ({ id: one.id, label: one.name, onAction: () => onTake(one.id) })),
  });
  const failed = query.isError && query.data === undefined;
  const groups = [
    group("own", playWords.saved_own, false),
    group("shared", playWords.saved_shared, true),
    {
      id: "acts",
      ...(failed ? { title: problemText(query.error) } : {}),
      actions: [
        ...(failed ? [{ id: "retry", label: words.retry, onAction: () => void query.refetch() }] : []),
        ...(texts.length > 0 ? [{ id: "save", label: playWords.save, onAction: () => setDialog("save") }] : []),
        ...(saved.length > 0
          ? [{ id: "delete", label: playWords.saved_delete, isDanger: true, onAction: () => setDialog("delete") }]
          : []),
      ],
    },
  ].filter((one) => one.actions.length > 0);
  return (
    <>
      <Menu
        label={playWords.saved}
        trigger={<Button isDisabled={groups.length === 0}>{playWords.saved}</Button>}
        groups={groups}
      />
      <Suspense>
        {dialog === "save" && <SaveContexts place={place} texts={texts} onClose={() => setDialog(undefined)} />}
        {dialog === "delete" && <DeleteContexts place={place} saved={saved} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  );
}
