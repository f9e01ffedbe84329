import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { Place } from "../../api/queries/flags";
import { deleteView, type View, viewsQuery } from "../../api/queries/views";
import { problemText } from "../../parts/Problem";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/toasts";
import type { ViewChanges } from "./Tools";
import { ownColumns, ownSort, textOfView } from "./view_filter";

const SaveView = later(() => import("./SaveView"));

interface ViewsProps {
  place: Place;
  text: string;
  order: string;
  columns: readonly string[];
  current: string | undefined; // id of the view that was chosen
  onView: (changes: ViewChanges) => void;
}

export function Views({ place, text, order, columns, current, onView }: ViewsProps) {
  const views = useQuery(viewsQuery(place.org, place.project));
  const [isSaving, setSaving] = useState(false);
  const take = (view: View) =>
    onView({
      view: view.id,
      filter: textOfView(view),
      sort: view.sort === "key" ? undefined : ownSort(view.sort),
      cols: view.columns.length > 0 ? ownColumns(view.columns) : undefined,
    });
  const group = (id: string, title: string, isShared: boolean) => ({
    id,
    title,
    actions: (views.data ?? [])
      .filter((view) => view.shared === isShared)
      .map((view) => ({ id: view.id, label: view.name, onAction: () => take(view) })),
  });
  const groups = [group("own", flagsWords.views_own, false), group("shared", flagsWords.views_shared, true)].filter(
    (one) => one.actions.length > 0,
  );
  const chosen = views.data?.find((view) => view.id === current);
  const remove = async (view: View) => {
    try {
      await deleteView(place, view.id);
      onView({ view: undefined });
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const save = {
    id: "save",
    actions: [
      { id: "save", label: flagsWords.view_save, onAction: () => setSaving(true) },
      ...(chosen
        ? [
            {
              id: "delete",
              label: flagsWords.view_delete(chosen.name),
              isDanger: true,
              onAction: () => void remove(chosen),
            },
          ]
        : []),
    ],
  };
  return (
    <>
      <Menu
        label={flagsWords.views}
        trigger={<Button icon="star">{flagsWords.views}</Button>}
        groups={[...groups, save]}
      />
      {isSaving && (
        <Suspense>
          <SaveView place={place} text={text} order={order} columns={columns} onClose={() => setSaving(false)} />
        </Suspense>
      )}
    </>
  );
}
