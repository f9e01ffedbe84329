import { useQuery } from "@tanstack/react-query";
import { endSession, type Session, sessionsQuery } from "../../api/queries/session";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { meWords } from "../../text/en/me";
import { ago, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { agentName } from "./agent_name";
import { MePage } from "./MePage";

export default function Sessions() {
  const query = useQuery(sessionsQuery);
  const end = async (session: Session) => {
    try {
      await endSession(session.id);
      toast(meWords.session_ended);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const endOthers = async (sessions: readonly Session[]) => {
    const others = sessions.filter((session) => !session.current);
    const done = await Promise.allSettled(others.map((session) => endSession(session.id)));
    toast(meWords.session_ended_many(done.filter((one) => one.status === "fulfilled").length));
  };
  return (
    <MePage current="sessions">
      <PageBody isNarrow>
        <Load query={query}>
          {(sessions) => (
            <Section
              title={meWords.sessions}
              detail={meWords.sessions_detail}
              actions={
                sessions.length > 1 && (
                  <Button kind="danger" onPress={() => void endOthers(sessions)}>
                    {meWords.session_end_others}
                  </Button>
                )
              }
            >
              <Lines label={meWords.sessions}>
                {sessions.map((session) => (
                  <SessionLine key={session.id} session={session} onEnd={() => void end(session)} />
                ))}
              </Lines>
            </Section>
          )}
        </Load>
      </PageBody>
    </MePage>
  );
}

function SessionLine({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const name = agentName(session.user_agent) || meWords.session_unknown;
  const where = session.address ? ` ${meWords.session_address(session.address)}` : "";
  return (
    <Line
      end={
        session.current ? (
          <Status kind="on" text={meWords.session_current} />
        ) : (
          <Button describedBy={session.id} onPress={onEnd}>
            {meWords.session_end}
          </Button>
        )
      }
    >
      <span id={session.id}>
        {name}
        {where}
      </span>
      <Muted>
        {meWords.session_used(ago(session.last_used_at))} · {meWords.session_since(exactTime(session.created_at))}
      </Muted>
    </Line>
  );
}
