// Promoting, and undoing it as one change.
import { isProblem } from "../../api/errors";
import type { Place } from "../../api/queries/flags";
import { type PromotionInput, promote, promotionDryRun, rollBack, rollbackDryRun } from "../../api/queries/promotion";
import { wantsApproval } from "../../parts/approval";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { compareWords } from "../../text/en/compare";
import { toast } from "../../ui/toasts";
import { undoOf } from "./select";

export async function promoteWithUndo(place: Place, env: string, input: PromotionInput, etag: string): Promise<void> {
  const done = await promote(place, env, input, etag);
  const back = undoOf(done.version_before, done.changes);
  const undo = async () => {
    try {
      const { etag: now } = await rollbackDryRun(place, env, back);
      await rollBack(place, env, { ...back, ...(input.comment ? { comment: input.comment } : {}) }, now);
      toast(compareWords.undone(env));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  toast(compareWords.promoted(done.changes.length, env), {
    action: { label: words.undo, onAction: () => void undo() },
  });
}

// Where nothing is asked. False: the review has something to say first.
export async function promoteAtOnce(place: Place, env: string, input: PromotionInput): Promise<boolean> {
  try {
    const tried = await promotionDryRun(place, env, input);
    if (wantsApproval(tried.value.warnings)) return false;
    await promoteWithUndo(place, env, input, tried.etag);
    return true;
  } catch (error) {
    if (!isProblem(error, 409) && !isProblem(error, 422)) toast(problemText(error), { tone: "failed" });
    return false;
  }
}
