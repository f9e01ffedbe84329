import { Suspense, useMemo, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { useShortcuts } from "../../parts/keyboard";
import { useGo } from "../../parts/page";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import styles from "./FlagList.module.css";

const BulkDialog = later(() => import("./BulkDialog"));

export type BulkVerb = "archive" | "add_tags" | "remove_tags" | "set_owner";
const most = 200; // flags of one transaction

interface BulkBarProps {
  place: Place;
  environments: readonly Environment[];
  selected: ReadonlySet<string>;
  flags: readonly FlagEntry[];
  onClear: () => void;
}

// What is done with the selected flags: one review, one transaction.
export function BulkBar({ place, environments, selected, flags, onClear }: BulkBarProps) {
  const may = useMay();
  const go = useGo();
  const [verb, setVerb] = useState<BulkVerb>();
  const chosen = useMemo(() => flags.filter((flag) => selected.has(flag.key)), [flags, selected]);
  const isFew = selected.size <= most;
  const mayEdit = isFew && may("edit", place.org, place.project);
  const mayArchive = isFew && may("archive", place.org, place.project);
  const save = async () => {
    const { saveFlags } = await import("./save_flags");
    saveFlags(
      place.project,
      chosen,
      environments.map((env) => env.key),
    );
  };
  const promote = () => go(paths.compare(place.org, place.project, `?sel=${chosen.map((flag) => flag.key).join()}`));
  useShortcuts({ e: mayArchive && verb === undefined ? () => setVerb("archive") : undefined });
  return (
    <section aria-label={words.selected(selected.size)} className={styles.bulk}>
      <strong role="status">{words.selected(selected.size)}</strong>
      {(["add_tags", "remove_tags", "set_owner"] as const).map((id) => (
        <Button key={id} isDisabled={!mayEdit} onPress={() => setVerb(id)}>
          {flagsWords.bulk_title[id]}
        </Button>
      ))}
      <Button isDisabled={!mayEdit} onPress={promote}>
        {flagsWords.promote}
      </Button>
      <Button onPress={() => void save()}>{flagsWords.export}</Button>
      <Button isDisabled={!mayArchive} keys="e" onPress={() => setVerb("archive")}>
        {flagsWords.archive}
      </Button>
      <Button kind="quiet" onPress={onClear}>
        {flagsWords.bulk_none}
      </Button>
      {!isFew && <span className={styles.count}>{flagsWords.bulk_limit(most)}</span>}
      {verb && (
        <Suspense>
          <BulkDialog
            place={place}
            environments={environments}
            verb={verb}
            flags={chosen}
            onClose={() => setVerb(undefined)}
            onDone={() => {
              setVerb(undefined);
              onClear();
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
