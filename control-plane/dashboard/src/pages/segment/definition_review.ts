// A segment's name, description, tags, owner, and that it is archived: changes of them as the review sheet takes them.
import type { Environment } from "../../api/queries/projects";
import { changeSegment, previewSegment } from "../../api/queries/segment_definition";
import type { SegmentPlace } from "../../api/queries/segments";
import {
  definitionInstructions,
  describeDefinition,
  type FlagDefinition,
  placesOfDefinition,
  type SegmentDefinition,
} from "../../model/index";
import type { Reviewed } from "../../parts/ReviewSheet";
import { strictest } from "../../parts/strictest";
import { segmentWords } from "../../text/en/segments";
import { toast } from "../../ui/toasts";

interface Given {
  place: SegmentPlace;
  environments: readonly Environment[];
  before: SegmentDefinition;
  after: SegmentDefinition;
  etag: string;
}

// A segment has some of what a flag has, and what both have is changed in the same way.
const asFlag = ({ key, name, description, tags, owner, client, archived }: SegmentDefinition): FlagDefinition => ({
  ...{ key, name, description, tags, owner, client, archived },
  ...{ type: "boolean", lifetime: null, variations: [], track: false, salt: "" },
});

export const instructionsFor = (before: SegmentDefinition, after: SegmentDefinition) =>
  definitionInstructions(placesOfDefinition(asFlag(before)), placesOfDefinition(asFlag(after)));

export function definitionReview({ place, environments, before, after, etag }: Given): Reviewed {
  const instructions = instructionsFor(before, after);
  const change = { place, instructions, etag };
  const environment = strictest(environments);
  const isEnding = before.archived !== after.archived;
  const verb = !isEnding ? segmentWords.save : after.archived ? segmentWords.archive : segmentWords.restore;
  return {
    title: isEnding ? `${verb}: ${before.key}` : segmentWords.edit_title(before.key),
    verb,
    environment,
    sentences: describeDefinition(asFlag(before), asFlag(after)),
    preview: {
      id: `${etag} ${JSON.stringify([place, instructions])}`,
      run: () => previewSegment(change, environment?.comment_required ? "-" : ""),
    },
    mayPublish: true,
    isDanger: isEnding && after.archived,
    publish: async ({ comment, key }) => {
      await changeSegment(change, comment, key);
      toast(segmentWords.saved_done(before.key));
    },
  };
}
