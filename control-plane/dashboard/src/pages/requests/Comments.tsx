import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { addComment, commentsQuery, type RequestPlace } from "../../api/queries/requests";
import { Load } from "../../parts/Load";
import { Buttons, Line, Lines, Muted, Section } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { requestWords } from "../../text/en/requests";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { Field, Form, FormError } from "../../ui/Field";

interface CommentsProps {
  place: RequestPlace;
  nameOf: (id: string) => string;
}

export function Comments({ place, nameOf }: CommentsProps) {
  const comments = useQuery(commentsQuery(place));
  const may = useMay();
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    if (text.trim() === "" || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await addComment(place, text.trim());
      setText("");
    } catch (failed) {
      setError(failed);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={requestWords.comments}>
      <Load query={comments} rows={2}>
        {(list) =>
          list.length === 0 ? (
            <Muted>{requestWords.no_comments}</Muted>
          ) : (
            <Lines label={requestWords.comments}>
              {list.map((comment) => (
                <Line key={comment.number} end={<Muted>{ago(comment.at)}</Muted>}>
                  <span>{comment.text}</span>
                  <Muted>{nameOf(comment.author.id)}</Muted>
                </Line>
              ))}
            </Lines>
          )
        }
      </Load>
      {may("edit", place.org, place.project, place.env) ? (
        <Form onSubmit={() => void send()}>
          <Field label={requestWords.say} value={text} onChange={setText} rows={3} maxLength={4000} />
          {error !== undefined && <FormError>{problemText(error)}</FormError>}
          <Buttons>
            <Button type="submit" isDisabled={text.trim() === ""} isPending={isBusy}>
              {requestWords.add_comment}
            </Button>
          </Buttons>
        </Form>
      ) : (
        <WhyNot action="comment_request" place={place.env} />
      )}
    </Section>
  );
}
