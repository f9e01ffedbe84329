import { Suspense, useState } from "react";
import type { Environment } from "../../api/queries/projects";
import { deleteSegment, tryDeleteSegment } from "../../api/queries/segment_definition";
import type { Segment, SegmentPlace } from "../../api/queries/segments";
import type { SegmentDefinition } from "../../model/index";
import { DeleteDialog } from "../../parts/DeleteDialog";
import { useGo } from "../../parts/page";
import type { Reviewed } from "../../parts/ReviewSheet";
import { useMay } from "../../parts/session";
import { paths } from "../../paths";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/toasts";
import { DetailsDialog } from "./DetailsDialog";
import { definitionReview } from "./definition_review";

const ReviewSheet = later(() => import("../../parts/ReviewSheet"));

interface SegmentMenuProps {
  place: SegmentPlace;
  environments: readonly Environment[];
  segment: Segment;
  etag: string;
}

// What is done with a segment as a whole.
export function SegmentMenu({ place, environments, segment, etag }: SegmentMenuProps) {
  const may = useMay();
  const go = useGo();
  const [dialog, setDialog] = useState<"edit" | "delete">();
  const [reviewed, setReviewed] = useState<Reviewed>();
  const close = () => {
    setDialog(undefined);
    setReviewed(undefined);
  };
  const review = (after: SegmentDefinition) => {
    setDialog(undefined);
    setReviewed(definitionReview({ place, environments, before: segment, after, etag }));
  };
  const mayDo = (permission: "edit" | "archive" | "delete") => may(permission, place.org, place.project);
  const actions = [
    ...(mayDo("edit") ? [{ id: "edit", label: segmentWords.edit, onAction: () => setDialog("edit") }] : []),
    ...(mayDo("archive")
      ? [
          {
            id: "archive",
            label: segment.archived ? segmentWords.restore : segmentWords.archive,
            onAction: () => review({ ...segment, archived: !segment.archived }),
          },
        ]
      : []),
    ...(mayDo("delete")
      ? [{ id: "delete", label: segmentWords.delete, isDanger: true, onAction: () => setDialog("delete") }]
      : []),
  ];
  if (actions.length === 0) return null;
  return (
    <>
      <Menu
        label={segmentWords.menu}
        trigger={<Button>{segmentWords.menu}</Button>}
        groups={[{ id: "segment", actions }]}
      />
      {dialog === "edit" && <DetailsDialog segment={segment} onClose={close} onReview={review} />}
      {dialog === "delete" && (
        <DeleteDialog
          name={segment.key}
          action={segmentWords.delete}
          detail={segmentWords.delete_detail}
          onTry={() => tryDeleteSegment(place, etag)}
          onDelete={async () => {
            await deleteSegment(place, etag);
            toast(segmentWords.deleted_done(segment.key));
            go(paths.segments(place.org, place.project));
          }}
          onClose={close}
        />
      )}
      <Suspense>{reviewed && <ReviewSheet reviewed={reviewed} onClose={close} onDone={close} />}</Suspense>
    </>
  );
}
