import { evaluationsWords } from "../../text/en/evaluations";
import { Choice } from "../../ui/Choice";
import { bys, type RangeId, rangeIds } from "./search";

export interface SeriesChoice {
  range: RangeId;
  by: (typeof bys)[number];
  as: "stacked" | "share" | "lines";
}

// What of a choice stands in the address: nothing where it is the usual one.
export const addressOf = ({ range, by, as }: Partial<SeriesChoice>) => ({
  ...(range ? { range: range === "24h" ? undefined : range } : {}),
  ...(by ? { by: by === "variation" ? undefined : by } : {}),
  ...(as ? { as: as === "stacked" ? undefined : as } : {}),
});

// How evaluations over time are counted and drawn.
export function SeriesTools({
  chosen,
  onChange,
}: {
  chosen: SeriesChoice;
  onChange: (now: Partial<SeriesChoice>) => void;
}) {
  return (
    <>
      <Choice
        label={evaluationsWords.range}
        value={chosen.range}
        options={rangeIds.map((id) => ({ id, label: evaluationsWords.ranges[id] }))}
        onChange={(range) => onChange({ range })}
      />
      <Choice
        label={evaluationsWords.by}
        value={chosen.by}
        options={bys.map((id) => ({ id, label: evaluationsWords.bys[id] }))}
        onChange={(by) => onChange({ by })}
      />
      <Choice
        label={evaluationsWords.as}
        value={chosen.as}
        options={(["stacked", "share", "lines"] as const).map((id) => ({ id, label: evaluationsWords.ass[id] }))}
        onChange={(as) => onChange({ as })}
      />
    </>
  );
}
