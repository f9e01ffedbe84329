import { useQuery } from "@tanstack/react-query";
import { commentsQuery, type RequestPlace } from "../../api/queries/requests";
import { Load } from "../../parts/Load";
import { Muted, Section } from "../../parts/PageHead";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { requestWords } from "../../text/en/requests";
import { CommentForm } from "./CommentForm";
import { CommentLines } from "./CommentLines";

interface CommentsProps {
  place: RequestPlace;
  nameOf: (id: string) => string;
}

// All that was said, of single lines too: these stay when the lines are no longer part of the difference.
export function Comments({ place, nameOf }: CommentsProps) {
  const comments = useQuery(commentsQuery(place));
  const may = useMay();
  return (
    <Section title={requestWords.comments}>
      <Load query={comments} rows={2}>
        {(list) =>
          list.length === 0 ? (
            <Muted>{requestWords.no_comments}</Muted>
          ) : (
            <CommentLines comments={list} nameOf={nameOf} showsLine />
          )
        }
      </Load>
      {may("edit", place.org, place.project, place.env) ? (
        <CommentForm place={place} />
      ) : (
        <WhyNot action="comment_request" place={place.env} />
      )}
    </Section>
  );
}
