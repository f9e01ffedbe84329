import { useEffect, useState } from "react";
import type { Place } from "../api/queries/flags";
import { words } from "../text/en";
import { receiptWords } from "../text/en/receipt";
import { Button, IconButton } from "../ui/Button";
import { Status } from "../ui/Status";
import { toast } from "../ui/toasts";
import { problemText } from "./Problem";
import styles from "./Receipt.module.css";
import { type Standing, versionNumber } from "./standing";
import { useStanding } from "./use_standing";

export const undoSeconds = 30;
const named = 5; // relays by name; the others are counted

interface ReceiptProps {
  place: Place;
  env: string;
  version?: string; // `<epoch>.<number>`; without it, the one that is the newest when the receipt is first shown
  text?: string; // what was done
  onUndo?: () => Promise<unknown>; // offered for 30 s
  onClose?: () => void;
}

// What a change has become: a version, and which relays have it. Counts by itself until all have.
export function Receipt({ place, env, version, text, onUndo, onClose }: ReceiptProps) {
  const { version: known, standing, isUnknown } = useStanding(place, env, version, true);
  const isDone = standing?.isComplete ?? false;
  return (
    <section className={styles.receipt} aria-label={text ?? receiptWords.version(versionNumber(known ?? ""), env)}>
      <div className={styles.words}>
        <div className={styles.head}>
          {text && <strong>{text}</strong>}
          {known && <span>{receiptWords.version(versionNumber(known), env)}</span>}
          <span role="status" className={styles.count}>
            {isUnknown && <Status kind="unknown" text={receiptWords.unknown} />}
            {standing && standing.of === 0 && receiptWords.no_relays}
            {standing && standing.of > 0 && (
              <Status
                kind={isDone ? "on" : standing.rejecting.length > 0 ? "rejected" : "partial"}
                text={receiptWords.have(standing.have, standing.of)}
              />
            )}
          </span>
        </div>
        {standing && !isDone && <Laggards standing={standing} />}
      </div>
      {onUndo && <UndoButton onUndo={onUndo} />}
      {onClose && <IconButton icon="close" label={receiptWords.dismiss} onPress={onClose} />}
      {standing && standing.of > 0 && !isDone && (
        <progress className={styles.bar} max={standing.of} value={standing.have} aria-hidden />
      )}
    </section>
  );
}

// The relays that have it not, by why.
export function Laggards({ standing }: { standing: Standing }) {
  const { behind, held, rejecting, silent } = standing;
  const some = (relays: readonly string[]) =>
    relays.length > named ? [...relays.slice(0, named), receiptWords.more(relays.length - named)] : relays;
  return (
    <ul>
      {behind.length > 0 && <li>{receiptWords.behind(behind.length, some(behind))}</li>}
      {held.length > 0 && <li>{receiptWords.held(held.length, some(held))}</li>}
      {rejecting.slice(0, named).map(({ relay, detail }) => (
        <li key={relay}>{receiptWords.rejecting(relay, detail)}</li>
      ))}
      {rejecting.length > named && <li>{receiptWords.more(rejecting.length - named)}</li>}
      {silent.length > 0 && <li>{receiptWords.silent(silent.length, some(silent))}</li>}
    </ul>
  );
}

function UndoButton({ onUndo }: { onUndo: () => Promise<unknown> }) {
  const [left, setLeft] = useState(undoSeconds);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    const until = Date.now() + undoSeconds * 1_000;
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1_000))), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (left === 0) return null;
  const undo = async () => {
    setBusy(true);
    try {
      await onUndo();
      setLeft(0);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button onPress={() => void undo()} isPending={isBusy}>
      {left === undoSeconds ? words.undo : receiptWords.undo_left(left)}
    </Button>
  );
}
