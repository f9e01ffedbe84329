import { keyGroups, keyWords } from "../text/en/keys";
import { type KeyGroup, keymap } from "./keymap";
import { Line, Lines, Section } from "./PageHead";
import { useMenu } from "./page";

const groups: readonly KeyGroup[] = ["everywhere", "lists", "editing", "going"];

export function KeyList() {
  const going = useMenu().flatMap((entry) =>
    entry.key ? [{ id: entry.path, shown: `g ${entry.key}`, label: entry.label, group: "going" }] : [],
  );
  const all = [...keymap.map((entry) => ({ ...entry, label: keyWords[entry.id] ?? entry.id })), ...going];
  return groups.map((group) => (
    <Section key={group} title={keyGroups[group]}>
      <Lines label={keyGroups[group]}>
        {all
          .filter((entry) => entry.group === group)
          .map((entry) => (
            <Line key={entry.id} end={<kbd>{entry.shown}</kbd>}>
              {entry.label}
            </Line>
          ))}
      </Lines>
    </Section>
  ));
}
