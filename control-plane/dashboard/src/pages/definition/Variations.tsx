import { useState } from "react";
import { isKey } from "../../model/index";
import { Section } from "../../parts/PageHead";
import { ValueField } from "../../parts/variations/ValueField";
import { readValue } from "../../parts/variations/values";
import { words as common } from "../../text/en";
import { definitionWords as words } from "../../text/en/definition";
import { Button } from "../../ui/Button";
import { Field, Form } from "../../ui/Field";
import styles from "./Definition.module.css";
import type { Editing } from "./editing";
import { VariationRow } from "./VariationRow";

// What programs can get: keys, values, and where each of them is used.
export function Variations({ editing }: { editing: Editing }) {
  const { flag, mayServe } = editing;
  const [isAdding, setAdding] = useState(false);
  return (
    <Section title={words.variations} detail={words.variations_detail}>
      <ul className={styles.variations} aria-label={words.variations}>
        {flag.variations.map((variation, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variation that is renamed keeps its place, and the focus
          <VariationRow key={i} editing={editing} index={i} variation={variation} />
        ))}
      </ul>
      {isAdding && <NewVariation editing={editing} onClose={() => setAdding(false)} />}
      {mayServe && !isAdding && (
        <div>
          <Button icon="add" onPress={() => setAdding(true)}>
            {words.add}
          </Button>
        </div>
      )}
    </Section>
  );
}

function NewVariation({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const { flag, change } = editing;
  const [key, setKey] = useState("");
  const [text, setText] = useState(flag.type === "boolean" ? "false" : "");
  const [isTried, setTried] = useState(false);
  const read = readValue(flag.type, text);
  const isTaken = flag.variations.some((one) => one.key === key);
  const keyFault = isTaken ? words.key_taken(key) : isKey(key) ? undefined : words.key_fault;
  const valueFault = "fault" in read && text === "" ? words.value_missing : undefined;
  const add = () => {
    setTried(true);
    if (keyFault !== undefined || !("value" in read)) return;
    change([{ kind: "add_variation", variation: key, value: read.value }]);
    onClose();
  };
  return (
    <section aria-label={words.new_variation} className={styles.variation}>
      <Form onSubmit={add}>
        <div className={styles.pair}>
          <Field
            label={words.key}
            isCode
            value={key}
            onChange={setKey}
            error={isTried || isTaken ? keyFault : undefined}
            autoFocus
          />
          <ValueField
            type={flag.type}
            label={words.value}
            text={text}
            onChange={setText}
            error={isTried ? valueFault : undefined}
          />
        </div>
        <div className={styles.buttons}>
          <Button kind="primary" type="submit">
            {words.add_verb}
          </Button>
          <Button onPress={onClose}>{common.cancel}</Button>
        </div>
      </Form>
    </section>
  );
}
