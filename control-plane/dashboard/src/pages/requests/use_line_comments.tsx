// Comments on single lines of a difference: those that are there, below their lines, and a way to add one.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { commentsQuery, type RequestPlace } from "../../api/queries/requests";
import { useMay } from "../../parts/session";
import { requestWords } from "../../text/en/requests";
import { IconButton } from "../../ui/Button";
import type { AtLine } from "../../ui/Diff";
import { CommentForm } from "./CommentForm";
import { CommentLines } from "./CommentLines";
import { lineName } from "./standing";

export function useLineComments(place: RequestPlace, of: string, nameOf: (id: string) => string): AtLine {
  const comments = useQuery(commentsQuery(place)).data ?? [];
  const mayComment = useMay()("edit", place.org, place.project, place.env);
  const [open, setOpen] = useState<string>();
  return (line) => {
    const name = lineName(of, line);
    const said = comments.filter((comment) => comment.line === name);
    const isOpen = open === name;
    return {
      action: mayComment && (
        <IconButton
          icon="comment"
          label={requestWords.comment_line(line.text.trim())}
          onPress={() => setOpen(isOpen ? undefined : name)}
        />
      ),
      below: (said.length > 0 || isOpen) && (
        <>
          {said.length > 0 && <CommentLines comments={said} nameOf={nameOf} />}
          {isOpen && <CommentForm place={place} line={name} onClose={() => setOpen(undefined)} />}
        </>
      ),
    };
  };
}
