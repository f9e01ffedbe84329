// Turning a flag on or off at once, with Undo; only where that is allowed.
import { type Place, setEnabled } from "../api/queries/flags";
import type { Environment } from "../api/queries/projects";
import { words } from "../text/en";
import { flagsWords } from "../text/en/flags";
import { toast } from "../ui/toasts";
import { problemText } from "./Problem";

export interface Change {
  place: Place;
  flag: string;
  env: Environment;
  isOn: boolean;
  version: number;
}

// Whether it takes a dialog: everything but an unprotected environment that asks for nothing.
export const isCareful = (env: Environment): boolean =>
  env.protected || env.comment_required || (env.confirmation !== undefined && env.confirmation !== "none");

export async function toggleAtOnce(change: Change): Promise<void> {
  try {
    const version = await setEnabled(change.place, change.flag, change.env.key, change.isOn, change.version);
    offerUndo({ ...change, version });
  } catch (error) {
    toast(problemText(error), { tone: "failed" });
  }
}

// The inverse is a new change with its own entry in the audit log.
export function offerUndo(change: Change, comment = ""): void {
  const text = (change.isOn ? flagsWords.is_on : flagsWords.is_off)(change.flag, change.env.key);
  const undo = async () => {
    try {
      await setEnabled(change.place, change.flag, change.env.key, !change.isOn, change.version, comment);
      toast((change.isOn ? flagsWords.is_off : flagsWords.is_on)(change.flag, change.env.key));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  toast(text, { action: { label: words.undo, onAction: () => void undo() } });
}
