// A change of many flags at once as the review sheet takes it.
import type { FlagEntry } from "../../api/queries/flag_index";
import { bulkDryRun, changeInBulk, type Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import {
  applyToSegmentDefinition,
  describeDefinition,
  type FlagDefinition,
  joinParts,
  part,
  type SegmentDefinitionInstruction,
  type Sentence,
} from "../../model/index";
import type { Reviewed } from "../../parts/ReviewSheet";
import { strictest } from "../../parts/strictest";
import { bulkWords } from "../../text/en/bulk";
import { flagsWords } from "../../text/en/flags";
import { toast } from "../../ui/toasts";

export type BulkInstruction = Extract<
  SegmentDefinitionInstruction,
  { kind: "archive" | "restore" | "add_tags" | "remove_tags" | "set_owner" }
>;

// What of a flag the index tells; the rest does not change here.
const definitionOf = ({ key, type, name, tags, owner }: FlagEntry): FlagDefinition => ({
  ...{ key, type, name, tags, owner, description: "", lifetime: null, variations: [] },
  ...{ client: false, track: false, salt: "", archived: false },
});

// "checkout: Adds the tag `web`.", of those that change.
export function bulkSentences(flags: readonly FlagEntry[], instruction: BulkInstruction): Sentence[] {
  return flags.flatMap((flag) => {
    const before = definitionOf(flag);
    const made = applyToSegmentDefinition(before, [instruction]);
    if (!("value" in made)) return [];
    return describeDefinition(before, { ...before, ...made.value }).map((sentence) =>
      joinParts([part("flag", flag.key), ": ", sentence]),
    );
  });
}

interface Bulk {
  place: Place;
  flags: readonly FlagEntry[];
  environments: readonly Environment[];
  instruction: BulkInstruction;
}

export const changeOf = (flags: readonly FlagEntry[], instruction: BulkInstruction) => ({
  flags: flags.map((flag) => flag.key),
  versions: Object.fromEntries(flags.map((flag) => [flag.key, flag.version])),
  instructions: [instruction as { kind: string }],
});

export const mostAtOnce = 200; // flags of one transaction
const mostListed = 200; // sentences of a review

// What is reviewed as one and sent as many: the findings are those of the first.
export function batchesOf(flags: readonly FlagEntry[]): FlagEntry[][] {
  const batches: FlagEntry[][] = [];
  for (let at = 0; at < flags.length; at += mostAtOnce) batches.push(flags.slice(at, at + mostAtOnce));
  return batches;
}

export function bulkReviewed({ place, flags, environments, instruction }: Bulk): Reviewed {
  const [first = [], ...others] = batchesOf(flags);
  const change = changeOf(first, instruction);
  const sentences = bulkSentences(flags, instruction);
  const more = sentences.length - mostListed;
  const isEnding = instruction.kind === "archive";
  return {
    title: flagsWords.bulk_title[instruction.kind],
    verb: flagsWords.bulk_apply(flagsWords.bulk_title[instruction.kind], flags.length),
    environment: isEnding ? strictest(environments) : undefined,
    sentences: sentences.slice(0, mostListed),
    note:
      sentences.length === 0
        ? flagsWords.bulk_nothing
        : others.length > 0
          ? bulkWords.batches(others.length + 1, mostAtOnce)
          : undefined,
    detail: more > 0 ? bulkWords.more(more) : undefined,
    preview: { id: JSON.stringify([place, change]), run: () => bulkDryRun(place, change) },
    mayPublish: sentences.length > 0,
    isDanger: isEnding,
    publish: async ({ comment, key }) => {
      const { changed } = await changeInBulk(place, change, comment, key);
      toast(flagsWords.bulk_done(changed.length));
    },
  };
}
