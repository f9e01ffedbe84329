import type { ReactNode } from "react";
import { isProblem } from "../api/errors";
import { words } from "../text/en";
import { changeWords } from "../text/en/changes";
import { reviewWords } from "../text/en/review";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, FormError } from "../ui/Field";
import { Banner } from "../ui/States";
import { Status } from "../ui/Status";
import { useShortcuts } from "./keyboard";
import { problemText } from "./Problem";
import { Difference } from "./review/Difference";
import { Findings } from "./review/Findings";
import styles from "./review/Review.module.css";
import type { Reviewed } from "./review/reviewed";
import { useConfirm } from "./review/use_confirm";
import { WhenFields } from "./review/WhenFields";
import { Sentence } from "./Sentence";

export type { Given, Reviewed } from "./review/reviewed";

interface ReviewSheetProps {
  reviewed: Reviewed;
  onClose: () => void;
  onDone: () => void;
}

// One sheet before every change: what changes, who changes, what it breaks; then comment, time and confirmation.
export default function ReviewSheet({ reviewed, onClose, onDone }: ReviewSheetProps) {
  const confirm = useConfirm(reviewed, onDone);
  const env = reviewed.environment;
  const isSingle = !reviewed.impact && !reviewed.preview && (reviewed.collisions ?? []).length === 0;
  useShortcuts({ "Ctrl+Enter": () => void confirm.send(), "Ctrl+s": () => undefined });
  const verb =
    confirm.when === "later" && env
      ? reviewWords.schedule(env.key)
      : confirm.when === "steps" && env
        ? reviewWords.start(env.key)
        : confirm.when === "ask"
          ? reviewWords.request
          : reviewed.verb;
  return (
    <Dialog
      title={reviewed.title}
      isOpen
      onClose={onClose}
      size="widest"
      shape="sheet"
      isDismissable={!confirm.isBusy}
      actions={
        <>
          <Button onPress={onClose}>{words.cancel}</Button>
          {confirm.options.length > 0 && (
            <Button
              kind={reviewed.isDanger ? "danger" : "primary"}
              isDisabled={!confirm.isReady}
              isPending={confirm.isBusy}
              onPress={() => void confirm.send()}
              keys="Ctrl Enter"
            >
              {verb}
            </Button>
          )}
        </>
      }
    >
      {env?.protected && (
        <div>
          <Status kind="protected" text={`${words.status.protected}: ${env.name || env.key}`} />
        </div>
      )}
      <div className={styles.columns} data-single={isSingle || undefined}>
        <div className={styles.column}>
          <Changes reviewed={reviewed} />
          <Difference lines={reviewed.lines} json={reviewed.json} />
        </div>
        <div className={styles.column} hidden={isSingle}>
          {reviewed.impact && <Part title={reviewWords.who}>{reviewed.impact}</Part>}
          <Findings preview={reviewed.preview} warnings={reviewed.warnings} />
          {reviewed.collisions && reviewed.collisions.length > 0 && (
            <Part title={reviewWords.collisions}>
              <ul className={styles.list}>
                {reviewed.collisions.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            </Part>
          )}
        </div>
      </div>
      <Confirm reviewed={reviewed} confirm={confirm} />
    </Dialog>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Changes({ reviewed }: { reviewed: Reviewed }) {
  return (
    <Part title={reviewWords.changes}>
      {reviewed.note && <p className={styles.muted}>{reviewed.note}</p>}
      {reviewed.sentences.length === 0 && <p className={styles.muted}>{reviewWords.no_changes}</p>}
      <ul className={styles.list}>
        {reviewed.sentences.map((sentence, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences have nothing but their place
          <li key={i}>
            <Sentence parts={sentence} />
          </li>
        ))}
      </ul>
      {reviewed.detail && <div className={styles.detail}>{reviewed.detail}</div>}
    </Part>
  );
}

function Confirm({ reviewed, confirm }: { reviewed: Reviewed; confirm: ReturnType<typeof useConfirm> }) {
  const env = reviewed.environment;
  const { options, when, error } = confirm;
  const { mayPublish, approvals = 0 } = reviewed;
  if (options.length === 0) return <Banner tone="protected">{reviewWords.may_not}</Banner>;
  return (
    <div className={styles.fields}>
      {approvals > 0 ? (
        <Banner tone="protected">{changeWords.needs_approvals(approvals)}</Banner>
      ) : (
        !mayPublish && <Banner tone="protected">{reviewed.whyNot ?? reviewWords.by_approval}</Banner>
      )}
      <WhenFields reviewed={reviewed} confirm={confirm} />
      <Field
        label={reviewWords.comment}
        isOptional={!env?.comment_required}
        hint={env?.comment_required ? reviewWords.comment_required : undefined}
        value={confirm.comment}
        onChange={confirm.setComment}
        error={confirm.errorAt("/comment")}
        maxLength={1000}
      />
      {env?.confirmation === "type" && when !== "ask" && (
        <Field
          label={reviewWords.type_key(env.key)}
          isCode
          value={confirm.typed}
          onChange={confirm.setTyped}
          autoComplete="off"
        />
      )}
      {error !== undefined && <FormError>{refusals(error, reviewed)}</FormError>}
    </div>
  );
}

function refusals(error: unknown, { placeOf }: Reviewed): ReactNode {
  if (!isProblem(error)) return problemText(error);
  const others = error.errors.filter(({ pointer }) => !["/comment", "/at", "/title"].includes(pointer));
  if (others.length === 0) return error.detail;
  return others.map(({ pointer, detail }) => {
    const place = placeOf?.(pointer) ?? pointer;
    return <span key={pointer + detail}>{place === "" ? detail : reviewWords.at_place(place, detail)} </span>;
  });
}
