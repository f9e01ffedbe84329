import { useState } from "react";
import type { SegmentDefinition } from "../../model/index";
import { Buttons } from "../../parts/PageHead";
import { words } from "../../text/en";
import { segmentWords } from "../../text/en/segments";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Form } from "../../ui/Field";
import { SegmentFields } from "../segments/SegmentFields";
import { instructionsFor } from "./definition_review";

interface DetailsDialogProps {
  segment: SegmentDefinition;
  onClose: () => void;
  onReview: (after: SegmentDefinition) => void;
}

// What a segment is called, is for, and who looks after it.
export function DetailsDialog({ segment, onClose, onReview }: DetailsDialogProps) {
  const [after, setAfter] = useState(segment);
  const isChanged = instructionsFor(segment, after).length > 0;
  return (
    <Dialog title={segmentWords.edit_title(segment.key)} isOpen isDismissable={false} onClose={onClose}>
      <Form onSubmit={() => isChanged && onReview(after)}>
        <SegmentFields segment={after} onChange={(changes) => setAfter({ ...after, ...changes })} />
        <Buttons>
          <Button kind="primary" type="submit" isDisabled={!isChanged}>
            {segmentWords.review}
          </Button>
          <Button onPress={onClose}>{words.cancel}</Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
