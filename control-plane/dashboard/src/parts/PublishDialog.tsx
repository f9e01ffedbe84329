import type { ReactNode } from "react";
import type { KeptChange } from "../api/queries/audit";
import type { Place } from "../api/queries/flags";
import type { Environment } from "../api/queries/projects";
import { askForApproval } from "../api/queries/requests";
import { makeSchedule } from "../api/queries/schedules";
import type { Offer } from "../model/index";
import { words } from "../text/en";
import { changeWords } from "../text/en/changes";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toasts";
import { offerRequest } from "./asked";
import { Buttons } from "./PageHead";
import { useGo } from "./page";
import ReviewSheet, { type Given, type Reviewed } from "./ReviewSheet";

interface PublishDialogProps extends Pick<Reviewed, "sentences" | "lines" | "json" | "warnings"> {
  title: string;
  place: Place;
  env?: Environment | undefined; // that the change is made in
  verb: string; // what the button says, with the place
  isDanger?: boolean;
  isReady: boolean; // the dry run is there, and something would change
  offered: Offer;
  isBlocked?: boolean; // the environment wants approvals, whoever it is
  later?: KeptChange | undefined; // the same change as others approve it, or as it is made at a time
  publish: (given: Given) => Promise<void>;
  onClose: (isDone: boolean) => void;
  children: ReactNode; // what would change, or why nothing can
}

// The review of a change that the server has tried: of many flags at once, or back to what was before.
export function PublishDialog(props: PublishDialogProps) {
  const { title, env, verb, isDanger = false, isReady, offered, isBlocked = false, publish, onClose, children } = props;
  const later = useLater(props);
  const mayPublish = offered.kind === "allowed" && !isBlocked;
  if (!isReady) {
    return (
      <Dialog title={title} size="wide" isOpen onClose={() => onClose(false)}>
        {children}
        <Buttons>
          <Button onPress={() => onClose(false)}>{words.close}</Button>
        </Buttons>
      </Dialog>
    );
  }
  const reviewed: Reviewed = {
    title,
    verb,
    environment: env,
    sentences: props.sentences,
    lines: props.lines,
    json: props.json,
    ...(props.warnings ? { warnings: props.warnings } : {}),
    detail: children,
    mayPublish,
    whyNot: isBlocked ? changeWords.blocked : undefined,
    isDanger: isDanger && mayPublish,
    publish,
    ...(later && mayPublish ? { schedule: later.schedule } : {}),
    ...(later && !mayPublish && offered.kind !== "denied" ? { request: later.request } : {}),
  };
  return <ReviewSheet reviewed={reviewed} onClose={() => onClose(false)} onDone={() => onClose(true)} />;
}

// Asking for approval, and making it at a time.
function useLater({ place, env, later, title }: PublishDialogProps) {
  const go = useGo();
  if (!later || !env) return undefined;
  const commented = ({ comment }: Given): KeptChange => (comment ? { ...later, comment } : later);
  return {
    request: async (given: Given, name: string) => {
      const description = given.comment ? { description: given.comment } : {};
      const asked = { title: name, changes: [commented(given)], ...description };
      const made = await askForApproval(place, env.key, asked, given.key);
      offerRequest(place, env.key, made.id, go);
    },
    schedule: async (given: Given, at: string) => {
      await makeSchedule(place, env.key, { name: title, change: commented(given), at }, given.key);
      toast(changeWords.scheduled);
    },
  };
}
