import type { RequestComment } from "../../api/queries/requests";
import { Line, Lines, Muted } from "../../parts/PageHead";
import { requestWords } from "../../text/en/requests";
import { ago } from "../../text/format";

interface CommentLinesProps {
  comments: readonly RequestComment[];
  nameOf: (id: string) => string;
  showsLine?: boolean;
}

export function CommentLines({ comments, nameOf, showsLine = false }: CommentLinesProps) {
  return (
    <Lines label={requestWords.comments}>
      {comments.map((comment) => (
        <Line key={comment.number} end={<Muted>{ago(comment.at)}</Muted>}>
          {showsLine && comment.line && (
            <Muted>
              <code>{comment.line}</code>
            </Muted>
          )}
          <span>{comment.text}</span>
          <Muted>{nameOf(comment.author.id)}</Muted>
        </Line>
      ))}
    </Lines>
  );
}
