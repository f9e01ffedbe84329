// What the review sheet is told about changes of a segment's lists.
import type { Environment } from "../../api/queries/projects";
import { applyUpload, previewUpload, type UploadMode } from "../../api/queries/segment_uploads";
import {
  changeMembers,
  type ListPlace,
  type MemberChanges,
  previewMembers,
  type SegmentPlace,
  usesQuery,
} from "../../api/queries/segments";
import { queries } from "../../api/query";
import {
  describeMembers,
  instructionsOf,
  type Json,
  memberLines,
  type SegmentMembers,
  type Sentence,
  writeJson,
} from "../../model/index";
import type { Reviewed } from "../../parts/ReviewSheet";
import { segmentWords } from "../../text/en/segments";
import { toast } from "../../ui/toasts";
import type { RulesState } from "./use_rules_draft";

interface Common {
  place: SegmentPlace & { env: string };
  environment: Environment | undefined;
  etag: string;
  mayPublish: boolean;
}

const sentence = (text: string): Sentence => [{ kind: "text", text }];

const frameOf = ({ place, environment, mayPublish }: Common) => ({
  title: segmentWords.review_title(place.segment, place.env),
  verb: segmentWords.publish(place.env),
  environment,
  mayPublish,
});

const done = ({ segment, env }: Common["place"]) => toast(segmentWords.changed_done(segment, env));

const named = 5;

// What adding or removing values does to those that are there, with the first few by name.
export function changeText(
  verb: "add" | "remove",
  values: readonly string[],
  present: readonly string[],
  list: string,
): string {
  const held = new Set(present);
  const changed = values.filter((value) => held.has(value) === (verb === "remove"));
  const said = verb === "add" ? segmentWords.adds : segmentWords.removes;
  const rest = values.length - changed.length;
  const kept = rest === 0 ? "" : ` ${(verb === "add" ? segmentWords.there : segmentWords.not_there)(rest)}`;
  return said(changed.length, list, changed.slice(0, named), Math.max(0, changed.length - named)) + kept;
}

export function membersReview(
  given: Common & {
    place: ListPlace;
    verb: "add" | "remove";
    values: readonly string[];
    present: readonly string[];
    listName: string;
  },
): Reviewed {
  const { place, etag, verb, values, present, listName } = given;
  const instructions = [{ kind: `${verb}_${place.list}`, attribute: place.attribute, values }];
  const change = { place, instructions, etag };
  return {
    ...frameOf(given),
    sentences: [sentence(changeText(verb, values, present, listName))],
    preview: { id: `${verb} ${etag} ${values.join()}`, run: () => previewMembers(change) },
    publish: async ({ comment }) => {
      await changeMembers(change, comment);
      done(place);
    },
  };
}

// A file that has been sent, and what the server says applying it would do.
export function uploadReview(
  given: Common & { place: ListPlace; upload: string; mode: UploadMode; changes: MemberChanges; listName: string },
): Reviewed {
  const { place, etag, upload, mode, changes, listName } = given;
  const said = segmentWords.sentence_file(changes.added, changes.removed, changes.total, listName);
  return {
    ...frameOf(given),
    sentences: [sentence(said)],
    isDanger: mode !== "add",
    preview: {
      id: upload,
      run: async () => {
        const again = await previewUpload({ place, upload, mode, etag });
        const uses = await queries.fetchQuery(usesQuery(place));
        return {
          dry_run: true,
          result: null,
          changes: [said],
          publishes: [place.env],
          dependants: uses.items.filter((use) => use.environment === place.env),
          has_more_dependants: uses.has_more,
          warnings: again.warnings ?? [],
        };
      },
    },
    publish: async ({ comment }) => {
      await applyUpload({ place, upload, mode, etag }, comment);
      done(place);
    },
  };
}

export function rulesReview(given: Common & { state: RulesState; version: number }): Reviewed {
  const { place, etag, state, version } = given;
  const { base, now, draft } = state;
  const instructions = instructionsOf(draft);
  const change = { place, instructions, etag };
  const asJson = (members: SegmentMembers): Json => members.rules as unknown as Json;
  return {
    ...frameOf(given),
    title: segmentWords.rules_title(place.segment, place.env),
    sentences: describeMembers(base, now),
    lines: { before: memberLines(base), after: memberLines(now) },
    json: { before: asJson(base), after: asJson(now) },
    preview: { id: `rules ${etag} ${writeJson(instructions as unknown as Json)}`, run: () => previewMembers(change) },
    comment: draft.comment,
    onComment: (comment) => state.dispatch({ type: "comment", comment }),
    publish: async ({ comment, key }) => {
      await changeMembers(change, comment, key);
      state.published({ version, state: now });
      toast(segmentWords.rules_done(place.segment, place.env));
    },
  };
}
