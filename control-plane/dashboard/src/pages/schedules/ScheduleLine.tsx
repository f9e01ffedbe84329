import { useState } from "react";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { cancelSchedule, changeSchedule, type PlacedSchedule } from "../../api/queries/schedules";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Link } from "../../parts/Link";
import { Line, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { usePeople } from "../../parts/people";
import { usePlacePaths } from "../../parts/resource_paths";
import { useOffer } from "../../parts/session";
import { ZonedTime } from "../../parts/ZonedTime";
import { scheduleWords } from "../../text/en/schedules";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { changedName, isWaiting, repeatText, statusOf } from "./when";

interface ScheduleLineProps {
  place: Place;
  placed: PlacedSchedule;
  environment: Environment | undefined;
}

export function ScheduleLine({ place, placed, environment }: ScheduleLineProps) {
  const { env, schedule } = placed;
  const nameOf = usePeople(place.org);
  const pathOf = usePlacePaths(place.org);
  const [isCancelling, setCancelling] = useState(false);
  const mayChange = useOffer()("steer_schedule", place.org, place.project, environment).kind === "allowed";
  const title = schedule.name || scheduleWords.change_of(changedName(schedule));
  const path = pathOf(decodeURIComponent(schedule.change.path));
  const set = async (state: "active" | "paused") => {
    try {
      await changeSchedule(place, placed, { state });
      toast(state === "paused" ? scheduleWords.paused : scheduleWords.resumed);
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <Line
      end={
        mayChange &&
        isWaiting(schedule) && (
          <>
            {schedule.state === "active" ? (
              <Button onPress={() => void set("paused")}>{scheduleWords.pause}</Button>
            ) : (
              <Button onPress={() => void set("active")}>{scheduleWords.resume}</Button>
            )}
            <Button onPress={() => setCancelling(true)}>{scheduleWords.cancel}</Button>
            {isCancelling && (
              <ConfirmDialog
                title={scheduleWords.cancel_title(title)}
                action={scheduleWords.cancel}
                onConfirm={async () => {
                  await cancelSchedule(place, placed);
                  toast(scheduleWords.cancelled);
                }}
                onClose={() => setCancelling(false)}
              >
                <p>{scheduleWords.cancel_detail}</p>
              </ConfirmDialog>
            )}
          </>
        )
      }
    >
      <span>
        <Status kind={statusOf[schedule.state]} text={scheduleWords.states[schedule.state]} />{" "}
        {path ? <Link to={path}>{title}</Link> : title}
      </span>
      <ZonedTime at={Date.parse(schedule.next_at ?? schedule.due_at)} />
      <Muted>
        {env} · {repeatText(schedule)} · {nameOf(schedule.created_by.id)}
        {schedule.last_run_at && ` · ${scheduleWords.last_run(ago(schedule.last_run_at))}`}
        {schedule.failures > 0 && ` · ${scheduleWords.failures(schedule.failures)}`}
      </Muted>
      {schedule.last_error && <span role="alert">{scheduleWords.error(schedule.last_error)}</span>}
    </Line>
  );
}
