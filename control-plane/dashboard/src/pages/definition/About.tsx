import { Section } from "../../parts/PageHead";
import { definitionWords as words } from "../../text/en/definition";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";
import styles from "./Definition.module.css";
import type { Editing } from "./editing";

const lifetimes = ["none", "release", "experiment", "operational", "permission"] as const;

// What people know a flag by, and who may evaluate it.
export function About({ editing }: { editing: Editing }) {
  const { flag, mayEdit, mayServe, change } = editing;
  const setTags = (tags: readonly string[]) => {
    const added = tags.filter((tag) => !flag.tags.includes(tag));
    const removed = flag.tags.filter((tag) => !tags.includes(tag));
    change([
      ...(added.length > 0 ? [{ kind: "add_tags" as const, tags: added }] : []),
      ...(removed.length > 0 ? [{ kind: "remove_tags" as const, tags: removed }] : []),
    ]);
  };
  return (
    <Section title={words.about} detail={words.fixed(flag.type, flag.salt)}>
      <div className={styles.fields}>
        <Field
          label={words.name}
          value={flag.name}
          onChange={(name) => change([{ kind: "set_name", name }], "name")}
          isReadOnly={!mayEdit}
          maxLength={200}
        />
        <Field
          label={words.owner}
          hint={words.owner_hint}
          value={flag.owner}
          onChange={(owner) => change([{ kind: "set_owner", owner }], "owner")}
          isReadOnly={!mayEdit}
          maxLength={200}
        />
        <div className={styles.whole}>
          <Field
            label={words.description}
            rows={3}
            value={flag.description}
            onChange={(description) => change([{ kind: "set_description", description }], "description")}
            isReadOnly={!mayEdit}
          />
        </div>
        <Tokens label={words.tags} values={flag.tags} onChange={setTags} isReadOnly={!mayEdit} />
        <Select
          label={words.lifetime}
          value={flag.lifetime ?? "none"}
          options={lifetimes.map((id) => ({ id, label: words.lifetimes[id] }))}
          onChange={(id) => change([{ kind: "set_lifetime", lifetime: id === "none" ? null : (id as never) }])}
          isDisabled={!mayEdit}
        />
        <div>
          <Switch
            isOn={flag.client}
            isDisabled={!mayServe}
            onChange={(client) => change([{ kind: "set_client", client }])}
          >
            {words.client}
          </Switch>
          <p className={styles.hint}>{words.client_detail}</p>
        </div>
        <div>
          <Switch isOn={flag.track} isDisabled={!mayServe} onChange={(track) => change([{ kind: "set_track", track }])}>
            {words.track}
          </Switch>
          <p className={styles.hint}>{words.track_detail}</p>
        </div>
      </div>
    </Section>
  );
}
