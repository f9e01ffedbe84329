import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "../../api/queries/projects";
import { type FoundRequest, requestQuery } from "../../api/queries/requests";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch } from "../../parts/page";
import { usePeople } from "../../parts/people";
import { Quoted } from "../../parts/Quoted";
import { versionNumber } from "../../parts/standing";
import { requestWords } from "../../text/en/requests";
import { ago } from "../../text/format";
import { Status } from "../../ui/Status";
import { Actions } from "./Actions";
import { Approvals } from "./Approvals";
import { ChangeView } from "./ChangeView";
import { Comments } from "./Comments";
import { configPlace } from "./outcome";
import styles from "./Requests.module.css";
import { schema } from "./search";
import { hasEnded, standingOf, statusOf } from "./standing";

export default function Request() {
  const { org, project, id } = useKeys();
  const { env = "" } = usePageSearch(schema);
  const environments = useQuery(environmentsQuery(org, project));
  const keys = (environments.data ?? []).map((each) => each.key);
  const found = useQuery({
    ...requestQuery({ org, project }, id, env === "" ? keys : [env, ...keys.filter((key) => key !== env)]),
    enabled: environments.isSuccess,
  });
  return (
    <Load query={environments}>
      {(list) => (
        <Load query={found} rows={8}>
          {(data) => <Found found={data} environment={list.find((each) => each.key === data.env)} />}
        </Load>
      )}
    </Load>
  );
}

interface FoundProps {
  found: FoundRequest;
  environment: Parameters<typeof Actions>[0]["environment"];
}

function Found({ found: { env, request }, environment }: FoundProps) {
  const { org, project } = useKeys();
  const nameOf = usePeople(org);
  const place = { org, project, env, request: request.id };
  const isOver = hasEnded(request.state);
  // Each change says it of itself; but not when it has been made, or cannot be.
  const isShownBelow = !isOver && request.result.digest !== "" && request.changes.every((each) => configPlace(each));
  return (
    <>
      <PageHead
        title={request.title}
        mark={<Status kind={statusOf[request.state]} text={requestWords.states[request.state]} />}
        detail={
          <>
            {requestWords.in_env(project, environment?.name || env)} ·{" "}
            {requestWords.by(nameOf(request.author.id), ago(request.created_at))}
          </>
        }
        actions={<Actions place={place} request={request} environment={environment} />}
      />
      <PageBody>
        {request.description && <p className={styles.description}>{request.description}</p>}
        {isOver && request.ended_at && (
          <p>
            {requestWords.ended(requestWords.states[request.state], nameOf(request.ended_by), ago(request.ended_at))}
            {request.reason && `. ${requestWords.because}: ${request.reason}`}
          </p>
        )}
        <div className={styles.columns}>
          <div className={styles.column}>
            <Section title={requestWords.comes_to} detail={requestWords.base(env, versionNumber(request.result.base))}>
              {!isOver && <StandingNote standing={standingOf(request)} />}
              {!isShownBelow && (
                <ul className={styles.sentences}>
                  {request.result.changes.map((sentence) => (
                    <li key={sentence}>
                      <Quoted text={sentence} />
                    </li>
                  ))}
                </ul>
              )}
            </Section>
            <Section title={requestWords.asked} detail={requestWords.changes(request.changes.length)}>
              {request.changes.map((change, i) => (
                <ChangeView
                  // biome-ignore lint/suspicious/noArrayIndexKey: changes are made in their order
                  key={i}
                  place={place}
                  change={change}
                  since={request.created_at}
                  isOver={isOver}
                  nameOf={nameOf}
                />
              ))}
            </Section>
          </div>
          <Approvals request={request} nameOf={nameOf} />
        </div>
        <Comments place={place} nameOf={nameOf} />
      </PageBody>
    </>
  );
}

const standingStatus = { applies: "on", differs: "conflict", broken: "rejected" } as const;

function StandingNote({ standing }: { standing: keyof typeof standingStatus }) {
  const { standing: text } = requestWords;
  return (
    <p className={styles.standing}>
      <Status kind={standingStatus[standing]} text={text[standing]} />
      <Muted>{text[`${standing}_detail`]}</Muted>
    </p>
  );
}
