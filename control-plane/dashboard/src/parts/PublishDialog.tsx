import type { ReactNode } from "react";
import type { Environment } from "../api/queries/projects";
import { words } from "../text/en";
import { changeWords } from "../text/en/changes";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Banner } from "../ui/States";
import { Buttons } from "./PageHead";
import ReviewSheet, { type Reviewed } from "./ReviewSheet";

interface PublishDialogProps extends Pick<Reviewed, "sentences" | "lines" | "json" | "warnings"> {
  title: string;
  env?: Environment | undefined; // that the change is made in
  verb: string; // what the button says, with the place
  isDanger?: boolean;
  isReady: boolean; // the dry run is there, and something would change
  isBlocked?: boolean; // needs approvals: only asking for them is offered
  ask?: ((title: string, comment: string) => Promise<void>) | undefined;
  publish: (comment: string) => Promise<void>;
  onClose: () => void;
  children: ReactNode; // what would change, or why nothing can
}

// The review of a change that the server has tried: of many flags at once, or back to what was before.
export function PublishDialog(props: PublishDialogProps) {
  const { title, env, verb, isDanger = false, isReady, isBlocked = false, ask, publish, onClose, children } = props;
  if (!isReady) {
    return (
      <Dialog title={title} size="wide" isOpen onClose={onClose}>
        {children}
        <Buttons>
          <Button onPress={onClose}>{words.close}</Button>
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
    note: (
      <>
        {children}
        {isBlocked && <Banner tone="protected">{changeWords.blocked}</Banner>}
      </>
    ),
    mayPublish: !isBlocked,
    isDanger: isDanger && !isBlocked,
    publish: (given) => publish(given.comment),
    ...(isBlocked && ask ? { request: (given, name) => ask(name, given.comment) } : {}),
  };
  return <ReviewSheet reviewed={reviewed} onClose={onClose} onDone={() => undefined} />;
}
