import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { type ListName, type ListPlace, type SegmentBody, segmentValuesQuery } from "../../api/queries/segments";
import type { ValueList } from "../../model/index";
import { Load } from "../../parts/Load";
import type { Reviewed } from "../../parts/ReviewSheet";
import { segmentWords } from "../../text/en/segments";
import { Dialog } from "../../ui/Dialog";
import { later } from "../../ui/later";
import { PasteDialog } from "./PasteDialog";
import { membersReview } from "./review";

const FileDialog = later(() => import("./FileDialog"));
const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface ListChangeProps {
  place: ListPlace;
  environment: Environment | undefined;
  how: "add" | "remove" | "file";
  mayPublish: boolean;
  onClose: () => void;
}

const titleOf = (how: ListChangeProps["how"], list: string): string =>
  how === "file"
    ? segmentWords.file_title(list)
    : how === "add"
      ? segmentWords.paste_add(list)
      : segmentWords.paste_remove(list);

// Values that are pasted or come from a file, against all that are there: those are fetched for it.
export function ListChange({ place, environment, how, mayPublish, onClose }: ListChangeProps) {
  const present = useQuery(segmentValuesQuery(place, place.env));
  const [reviewed, setReviewed] = useState<Reviewed>();
  const listName = place.list === "included" ? segmentWords.included : segmentWords.excluded;
  if (reviewed) {
    return (
      <Suspense>
        <ReviewSheet reviewed={reviewed} onClose={onClose} onDone={onClose} />
      </Suspense>
    );
  }
  if (present.data === undefined) {
    return (
      <Dialog title={titleOf(how, listName)} isOpen onClose={onClose}>
        <Load query={present} rows={4}>
          {() => null}
        </Load>
      </Dialog>
    );
  }
  const { value, etag } = present.data;
  const common = { place, environment, etag, mayPublish, listName };
  if (how === "file") {
    const other = place.list === "included" ? "excluded" : "included";
    return (
      <Suspense>
        <FileDialog
          {...common}
          present={valuesOf(value, place.list, place.attribute)}
          other={valuesOf(value, other, place.attribute)}
          onClose={onClose}
          onReview={setReviewed}
        />
      </Suspense>
    );
  }
  return (
    <PasteDialog
      title={titleOf(how, listName)}
      onClose={onClose}
      onReview={(values) =>
        setReviewed(
          membersReview({ ...common, verb: how, values, present: valuesOf(value, place.list, place.attribute) }),
        )
      }
    />
  );
}

const valuesOf = (body: SegmentBody, list: ListName, attribute: string): string[] =>
  (body[list] as unknown as readonly ValueList[])
    .filter((one) => one.attribute === attribute)
    .flatMap((one) => one.values);
