import { useEffect, useRef, useState } from "react";
import {
  dealtAnew,
  percentOfSlots,
  planOf,
  type Serve,
  type ServeInput,
  type Field as Share,
  shareEqually,
  typeField,
  type Variation,
} from "../../model/index";
import { splitWords } from "../../text/en/split";
import { Button, IconButton } from "../../ui/Button";
import { Disclosure } from "../../ui/Disclosure";
import { Field } from "../../ui/Field";
import { BucketingFields } from "./BucketingFields";
import { exactPercent, serveMove } from "./movement";
import styles from "./Split.module.css";
import { SplitBar } from "./SplitBar";
import { fieldErrors, fieldsOf, splitInput } from "./serve";

export interface SplitEditorProps {
  label: string; // whose split it is
  serve: Serve;
  before?: Serve | undefined; // what is published
  variations: readonly Variation[];
  inRule: boolean;
  salt: string; // the flag's
  isReadOnly: boolean;
  focus?: number; // each new number puts the focus into the first share
  onChange: (serve: ServeInput, merge?: string) => void;
}

// Percent fields that add up by themselves, the bar of all slots, and who moves.
export function SplitEditor(props: SplitEditorProps) {
  const { label, serve, before, variations, inRule, salt, isReadOnly, focus = 0, onChange } = props;
  const [locked, setLocked] = useState<ReadonlySet<string | null>>(new Set());
  const [typed, setTyped] = useState<{ name: string | null; text: string; error?: string }>();
  const origin = useRef<readonly Share[] | undefined>(undefined); // as it was when typing began
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focus > 0) root.current?.querySelector<HTMLInputElement>("[data-first] input")?.focus();
  }, [focus]);
  const fields = fieldsOf(serve, variations, inRule, locked);
  const plan = planOf(serve, inRule);
  const move = before && serveMove(before, serve, inRule, salt);
  const set = (next: readonly Share[], merge?: string) => onChange({ split: splitInput(serve, next) }, merge);

  const type = (name: string | null, text: string) => {
    origin.current ??= fields;
    const made = typeField(origin.current, name, text);
    const isFields = typeof made !== "string";
    setTyped({ name, text, ...(isFields ? {} : { error: fieldErrors[made] }) });
    if (isFields) set(made, `split ${label}`);
  };
  const toggleLock = (name: string | null) => {
    const next = new Set(locked);
    if (!next.delete(name)) next.add(name);
    setLocked(next);
  };
  const first = variations.find(({ value }) => value !== false)?.key; // what is rolled out
  const shown = (field: Share) => (typed?.name === field.name ? typed.text : percentOfSlots(field.slots));

  return (
    <div ref={root} className={styles.editor}>
      <div className={styles.fields}>
        {fields.map((field) => {
          const name = field.name ?? splitWords.next_rule;
          return (
            <div key={field.name ?? ""} className={styles.share} data-first={field.name === first || undefined}>
              <Field
                label={name}
                suffix={<span>%</span>}
                isCode
                inputMode="decimal"
                isReadOnly={isReadOnly}
                value={shown(field)}
                onChange={(text) => type(field.name, text)}
                onBlur={() => {
                  origin.current = undefined;
                  setTyped(undefined);
                }}
                error={typed?.name === field.name ? typed.error : undefined}
                selectOnFocus
              />
              {!isReadOnly && fields.length > 2 && (
                <IconButton
                  icon="lock"
                  label={field.isLocked ? splitWords.unlock(name) : splitWords.lock(name)}
                  isPressed={field.isLocked}
                  onPress={() => toggleLock(field.name)}
                />
              )}
            </div>
          );
        })}
        {!isReadOnly && fields.length > 2 && (
          <Button kind="quiet" onPress={() => set(shareEqually(fields))}>
            {splitWords.equal}
          </Button>
        )}
      </div>
      <SplitBar variations={variations} plan={plan} {...(move && before ? { before: planOf(before, inRule) } : {})} />
      {before && (
        <p className={move?.isAnew ? styles.warning : styles.moves} role="status">
          {move?.text ?? splitWords.nobody_moves}
        </p>
      )}
      <Disclosure title={splitWords.bucketing}>
        <BucketingFields
          serve={serve}
          isReadOnly={isReadOnly}
          warning={splitWords.bucketing_warning(exactPercent(dealtAnew(plan, plan)))}
          onChange={(bucketing) => onChange({ split: splitInput(serve, fields, bucketing) }, `bucketing ${label}`)}
        />
      </Disclosure>
    </div>
  );
}
