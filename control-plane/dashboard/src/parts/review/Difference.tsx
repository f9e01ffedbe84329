import { useMemo, useState } from "react";
import { diffLines, type Json, jsonPatch, writeJson } from "../../model/index";
import { reviewWords } from "../../text/en/review";
import { Diff } from "../../ui/Diff";
import { Tabs } from "../../ui/Tabs";
import styles from "./Review.module.css";
import type { Reviewed } from "./reviewed";

const tabs = [
  { id: "text", label: reviewWords.as_text },
  { id: "patch", label: reviewWords.as_patch },
];

// The same difference as lines of text and as JSON Patch.
export function Difference({ lines, json }: Pick<Reviewed, "lines" | "json">) {
  const [shown, setShown] = useState(lines ? "text" : "patch");
  const changed = useMemo(() => (lines ? diffLines(lines.before, lines.after) : []), [lines]);
  if (!lines && !json) return null;
  return (
    <section className={styles.part} aria-label={reviewWords.difference}>
      <Tabs
        label={reviewWords.difference}
        tabs={tabs.filter(({ id }) => (id === "text" ? lines : json))}
        value={shown}
        onChange={setShown}
      >
        {shown === "text" ? (
          <Diff label={reviewWords.difference} lines={changed} />
        ) : (
          json && <pre className={styles.patch}>{patchText(json.before, json.after)}</pre>
        )}
      </Tabs>
    </section>
  );
}

const patchText = (before: Json, after: Json): string => writeJson(jsonPatch(before, after) as unknown as Json, 2);
