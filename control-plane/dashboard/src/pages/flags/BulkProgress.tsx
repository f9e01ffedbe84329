import { useCallback, useEffect, useRef, useState } from "react";
import { isProblem } from "../../api/errors";
import type { FlagEntry } from "../../api/queries/flag_index";
import { changeInBulk, type Place, readAnew } from "../../api/queries/flags";
import { Buttons, Muted } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import type { Given } from "../../parts/ReviewSheet";
import { words } from "../../text/en";
import { bulkWords } from "../../text/en/bulk";
import { flagsWords } from "../../text/en/flags";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Disclosure } from "../../ui/Disclosure";
import { type Progress, runBatches } from "./batches";
import { type BulkInstruction, batchesOf, changeOf } from "./bulk";
import styles from "./FlagList.module.css";

interface BulkProgressProps {
  place: Place;
  flags: readonly FlagEntry[];
  instruction: BulkInstruction;
  given: Given; // of the review
  onClose: (done: readonly string[]) => void;
}

// A change of more flags than one transaction takes: batch after batch, until it is stopped or refused. It says which are done.
export default function BulkProgress({ place, flags, instruction, given, onClose }: BulkProgressProps) {
  const batches = useRef(batchesOf(flags)).current; // as they were reviewed
  const isStopped = useRef(false);
  const [isStopping, setStopping] = useState(false);
  const [progress, setProgress] = useState<Progress>({ done: 0, state: "running" });
  const run = useCallback(
    async (from: number) => {
      isStopped.current = false;
      setStopping(false);
      await runBatches({
        batches,
        from,
        send: async (batch, i) => {
          await changeInBulk(place, changeOf(batch, instruction), given.comment, `${given.key}-${i}`, false);
        },
        isStopped: () => isStopped.current,
        onProgress: setProgress,
      });
    },
    [batches, place, instruction, given],
  );
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void run(0);
  }, [run]);
  const keysOf = (some: readonly FlagEntry[][]) => some.flat().map((flag) => flag.key);
  const { done, state, error } = progress;
  const [finished, left] = [keysOf(batches.slice(0, done)), keysOf(batches.slice(done))];
  const total = finished.length + left.length;
  const close = () => {
    void readAnew(place);
    onClose(finished);
  };
  const isSilent = state === "failed" && !isProblem(error);
  return (
    <Dialog title={flagsWords.bulk_title[instruction.kind]} isOpen isDismissable={false} onClose={close}>
      <div className={styles.progress}>
        <label>
          <span role="status">
            {state === "finished" ? bulkWords.all_done(total) : bulkWords.progress(finished.length, total)}
          </span>
          <progress value={finished.length} max={total} />
        </label>
        {state === "stopped" && <p>{bulkWords.stopped}</p>}
        {state === "failed" && (
          <>
            <p>{isSilent ? bulkWords.silent : bulkWords.refused}</p>
            <Problem error={error} />
          </>
        )}
        {state !== "running" && finished.length > 0 && (
          <Disclosure title={bulkWords.finished(finished.length)}>
            <p className={styles.keys}>{list(finished)}</p>
          </Disclosure>
        )}
        {state !== "running" && left.length > 0 && (
          <>
            <Disclosure title={bulkWords.left(left.length)}>
              <p className={styles.keys}>{list(left)}</p>
            </Disclosure>
            <Muted>{bulkWords.left_selected}</Muted>
          </>
        )}
      </div>
      <Buttons>
        {state === "running" ? (
          <Button
            isDisabled={isStopping}
            onPress={() => {
              isStopped.current = true;
              setStopping(true);
            }}
          >
            {isStopping ? bulkWords.stopping : bulkWords.stop}
          </Button>
        ) : (
          <>
            {(state === "stopped" || isSilent) && (
              <Button kind="primary" onPress={() => void run(done)}>
                {bulkWords.go_on}
              </Button>
            )}
            <Button onPress={close}>{words.close}</Button>
          </>
        )}
      </Buttons>
    </Dialog>
  );
}
