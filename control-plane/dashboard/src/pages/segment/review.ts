// What the review sheet is told about changes of a segment's lists.
import type { Environment } from "../../api/queries/projects";
import { applyUpload, previewUpload, type UploadMode } from "../../api/queries/segment_uploads";
import {
  changeMembers,
  type ListPlace,
  type MemberChanges,
  previewMembers,
  usesQuery,
} from "../../api/queries/segments";
import { queries } from "../../api/query";
import type { Sentence } from "../../model/index";
import type { Reviewed } from "../../parts/ReviewSheet";
import { segmentWords } from "../../text/en/segments";
import { toast } from "../../ui/toasts";

interface Common {
  place: ListPlace;
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

const done = ({ segment, env }: ListPlace) => toast(segmentWords.changed_done(segment, env));

// `values` are added or removed; the server's sentences name how many of them change something.
export function membersReview(given: Common & { verb: "add" | "remove"; values: readonly string[] }): Reviewed {
  const { place, etag, verb, values } = given;
  const instructions = [{ kind: `${verb}_${place.list}`, attribute: place.attribute, values }];
  const change = { place, instructions, etag };
  const list = place.list === "included" ? segmentWords.included : segmentWords.excluded;
  return {
    ...frameOf(given),
    sentences: [
      sentence(
        `${verb === "add" ? segmentWords.add : segmentWords.remove}: ${list}, ${segmentWords.pasted(values.length)}`,
      ),
    ],
    preview: { id: `${verb} ${etag} ${values.length}`, run: () => previewMembers(change) },
    publish: async ({ comment }) => {
      await changeMembers(change, comment);
      done(place);
    },
  };
}

// A file that has been sent, and what the server says applying it would do.
export function uploadReview(
  given: Common & { upload: string; mode: UploadMode; changes: MemberChanges; listName: string },
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
