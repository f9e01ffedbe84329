import { Suspense, useMemo, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { useShortcuts } from "../../parts/keyboard";
import { useMay } from "../../parts/session";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import styles from "./FlagList.module.css";

const PromoteSelected = later(() => import("./PromoteSelected"));
const BulkDialog = later(() => import("./BulkDialog"));

export type BulkVerb = "archive" | "add_tags" | "remove_tags" | "set_owner";

interface BulkBarProps {
  place: Place;
  environments: readonly Environment[];
  selected: ReadonlySet<string>;
  flags: readonly FlagEntry[];
  onClear: () => void;
  onDone: (keys: readonly string[]) => void; // of the flags that have been changed
}

// What is done with the selected flags: one review, and one transaction for as many as it takes.
export function BulkBar({ place, environments, selected, flags, onClear, onDone }: BulkBarProps) {
  const may = useMay();
  const [verb, setVerb] = useState<BulkVerb | "promote">();
  const chosen = useMemo(() => flags.filter((flag) => selected.has(flag.key)), [flags, selected]);
  const mayEdit = may("edit", place.org, place.project);
  const mayArchive = may("archive", place.org, place.project);
  const save = async () => {
    const { saveFlags } = await import("./save_flags");
    saveFlags(
      place.project,
      chosen,
      environments.map((env) => env.key),
    );
  };
  const isOffered = selected.size > 0 && verb === undefined;
  useShortcuts({
    e: mayArchive && isOffered ? () => setVerb("archive") : undefined,
    p: mayEdit && isOffered ? () => setVerb("promote") : undefined,
  });
  const done = (keys: readonly string[]) => {
    setVerb(undefined);
    onDone(keys);
  };
  const given = { place, environments, flags: chosen, onClose: () => setVerb(undefined), onDone: done };
  return (
    <>
      {selected.size > 0 && (
        <section aria-label={words.selected(selected.size)} className={styles.bulk}>
          <strong role="status">{words.selected(selected.size)}</strong>
          {(["add_tags", "remove_tags", "set_owner"] as const).map((id) => (
            <Button key={id} isDisabled={!mayEdit} onPress={() => setVerb(id)}>
              {flagsWords.bulk_title[id]}
            </Button>
          ))}
          <Button isDisabled={!mayEdit} keys="p" onPress={() => setVerb("promote")}>
            {flagsWords.promote}
          </Button>
          <Button onPress={() => void save()}>{flagsWords.export}</Button>
          <Button isDisabled={!mayArchive} keys="e" onPress={() => setVerb("archive")}>
            {flagsWords.archive}
          </Button>
          <Button kind="quiet" onPress={onClear}>
            {flagsWords.bulk_none}
          </Button>
        </section>
      )}
      {/* What is archived leaves the list, and the selection, while others are still under way. */}
      {verb && (
        <Suspense>
          {verb === "promote" ? <PromoteSelected {...given} /> : <BulkDialog {...given} verb={verb} />}
        </Suspense>
      )}
    </>
  );
}
