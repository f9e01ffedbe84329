import { lazy, Suspense, useMemo, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import { useShortcuts } from "../../parts/keyboard";
import { useMay } from "../../parts/session";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import { Button } from "../../ui/Button";
import styles from "./FlagList.module.css";

const BulkDialog = lazy(() => import("./BulkDialog"));

export type BulkVerb = "archive" | "tag" | "untag" | "set_owner";
const most = 200;

interface BulkBarProps {
  place: Place;
  selected: ReadonlySet<string>;
  flags: readonly FlagEntry[];
  onClear: () => void;
}

// What is done with the selected flags: one review, one transaction.
export function BulkBar({ place, selected, flags, onClear }: BulkBarProps) {
  const may = useMay();
  const [verb, setVerb] = useState<BulkVerb>();
  const given = useMemo(() => {
    const chosen = flags.filter((flag) => selected.has(flag.key));
    return {
      flags: chosen.map((flag) => flag.key),
      versions: Object.fromEntries(chosen.map((flag) => [flag.key, flag.version])),
    };
  }, [flags, selected]);
  const isTooMany = selected.size > most;
  const mayEdit = may("edit", place.org, place.project) && !isTooMany;
  const mayArchive = may("archive", place.org, place.project) && !isTooMany;
  useShortcuts({ e: mayArchive ? () => setVerb("archive") : undefined });
  return (
    <section aria-label={words.selected(selected.size)} className={styles.bulk}>
      <strong role="status">{words.selected(selected.size)}</strong>
      <Button isDisabled={!mayEdit} onPress={() => setVerb("tag")}>
        {flagsWords.tag}
      </Button>
      <Button isDisabled={!mayEdit} onPress={() => setVerb("untag")}>
        {flagsWords.untag}
      </Button>
      <Button isDisabled={!mayEdit} onPress={() => setVerb("set_owner")}>
        {flagsWords.set_owner}
      </Button>
      <Button isDisabled={!mayArchive} keys="e" onPress={() => setVerb("archive")}>
        {flagsWords.archive}
      </Button>
      <Button kind="quiet" onPress={onClear}>
        {flagsWords.bulk_none}
      </Button>
      {isTooMany && <span className={styles.count}>{flagsWords.bulk_limit(most)}</span>}
      {verb && (
        <Suspense>
          <BulkDialog
            place={place}
            verb={verb}
            {...given}
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
