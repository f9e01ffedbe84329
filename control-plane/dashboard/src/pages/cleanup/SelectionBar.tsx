import { Suspense, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import { bulkDryRun, changeInBulk, type Instruction, type Place } from "../../api/queries/flags";
import { endSnoozes } from "../../api/queries/lifecycle";
import { orgKey, queries } from "../../api/query";
import { part } from "../../model/index";
import { useShortcuts } from "../../parts/keyboard";
import { problemText } from "../../parts/Problem";
import type { Reviewed } from "../../parts/ReviewSheet";
import { StillAsked } from "../../parts/StillAsked";
import { useMay } from "../../parts/session";
import { words } from "../../text/en";
import { cleanupWords } from "../../text/en/cleanup";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { toast } from "../../ui/toasts";
import styles from "./Cleanup.module.css";
import { type Candidate, versionsOf } from "./candidates";
import { reasonText } from "./columns";
import { SnoozeDialog } from "./SnoozeDialog";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));
const most = 200;

interface SelectionBarProps {
  place: Place;
  chosen: readonly Candidate[];
  flags: readonly FlagEntry[];
  isSnoozed: boolean; // the list of those that are
  onClear: () => void;
}

// What is done with the selected flags: one review, one transaction.
export function SelectionBar({ place, chosen, flags, isSnoozed, onClear }: SelectionBarProps) {
  const may = useMay();
  const [reviewed, setReviewed] = useState<Reviewed>();
  const [isSnoozing, setSnoozing] = useState(false);
  const isFew = chosen.length <= most;
  const mayArchive = may("archive", place.org, place.project);
  const mayEdit = may("edit", place.org, place.project);
  const keys = chosen.map((one) => one.key);

  const review = (
    instruction: Instruction,
    said: Pick<Reviewed, "title" | "verb" | "mayPublish" | "impact" | "isDanger">,
    done: (n: number) => string,
  ) => {
    const change = { flags: keys, versions: versionsOf(flags, keys), instructions: [instruction] };
    setReviewed({
      ...said,
      sentences: chosen.map((one) => [part("flag", one.key), { kind: "text", text: `: ${reasonText(one)}` }]),
      preview: { id: `${instruction.kind} ${keys.join()}`, run: () => bulkDryRun(place, change) },
      publish: async ({ comment, key }) => {
        const { changed } = await changeInBulk(place, change, comment, key);
        await queries.invalidateQueries({ queryKey: orgKey(place.org, "projects", place.project, "cleanup") });
        toast(done(changed.length));
      },
    });
  };
  const archive = () =>
    review(
      { kind: "archive" },
      {
        title: cleanupWords.archive_title(keys.length),
        verb: cleanupWords.archive_verb(keys.length),
        mayPublish: mayArchive,
        isDanger: true,
        impact: (
          <StillAsked place={place} flags={chosen.filter((one) => one.askedAt !== undefined).map((one) => one.key)} />
        ),
      },
      cleanupWords.archived,
    );
  const keep = () =>
    review(
      { kind: "set_lifetime", lifetime: "operational" },
      {
        title: cleanupWords.permanent_title(keys.length),
        verb: cleanupWords.permanent_verb,
        mayPublish: mayEdit,
      },
      cleanupWords.permanent_done,
    );
  const wake = async () => {
    try {
      await endSnoozes(place, keys);
      toast(cleanupWords.woken(keys.length));
      onClear();
    } catch (failed) {
      toast(problemText(failed), { tone: "failed" });
    }
  };
  const copy = async () => {
    const lines = chosen.map((one) => cleanupWords.issue_line(one.key, reasonText(one)));
    await navigator.clipboard.writeText([cleanupWords.issue_head, "", ...lines, ""].join("\n"));
    toast(cleanupWords.issue_copied);
  };
  useShortcuts({ e: mayArchive && isFew && !reviewed ? archive : undefined });
  return (
    <section aria-label={words.selected(keys.length)} className={styles.bar}>
      <strong role="status">{words.selected(keys.length)}</strong>
      <Button keys="e" isDisabled={!mayArchive || !isFew} onPress={archive}>
        {cleanupWords.archive}
      </Button>
      <Button isDisabled={!mayEdit || !isFew} onPress={keep}>
        {cleanupWords.permanent}
      </Button>
      {isSnoozed ? (
        <Button isDisabled={!mayEdit || !isFew} onPress={() => void wake()}>
          {cleanupWords.wake}
        </Button>
      ) : (
        <Button isDisabled={!mayEdit || !isFew} onPress={() => setSnoozing(true)}>
          {cleanupWords.snooze}
        </Button>
      )}
      <Button onPress={() => void copy()}>{cleanupWords.issue}</Button>
      <Button kind="quiet" onPress={onClear}>
        {cleanupWords.clear}
      </Button>
      {!isFew && <span>{cleanupWords.most(most)}</span>}
      {isSnoozing && <SnoozeDialog place={place} flags={keys} onClose={() => setSnoozing(false)} onDone={onClear} />}
      <Suspense>
        {reviewed && (
          <ReviewSheet
            reviewed={reviewed}
            onClose={() => setReviewed(undefined)}
            onDone={() => {
              setReviewed(undefined);
              onClear();
            }}
          />
        )}
      </Suspense>
    </section>
  );
}
