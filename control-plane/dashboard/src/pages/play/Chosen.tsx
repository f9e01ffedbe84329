import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { latestVersionsQuery, type PastVersion } from "../../api/queries/versions";
import { playWords } from "../../text/en/play";
import { ago, list } from "../../text/format";
import { Field } from "../../ui/Field";
import { ComboBox, Select } from "../../ui/Select";
import { Checkbox } from "../../ui/Switch";
import { Tokens } from "../../ui/Tokens";
import type { FlagDraft, Requested } from "./drafts";
import { draftWord, requestWord } from "./grid";
import styles from "./Play.module.css";

interface ChosenProps {
  place: Place;
  index: readonly FlagEntry[];
  environments: readonly Environment[];
  flags: readonly string[];
  envs: readonly string[];
  versions: ReadonlyMap<string, string>;
  drafts: ReadonlyMap<string, readonly FlagDraft[]> | undefined;
  requested: readonly Requested[] | undefined;
  now: string;
  isNowWrong: boolean;
  onFlags: (flags: readonly string[]) => void;
  onEnvs: (envs: readonly string[]) => void;
  onVersion: (env: string, version: string | undefined) => void;
  onNow: (now: string) => void;
}

const most = 40;
const noVersion = "-";

// What the contexts are put to: flags, environments, a version to compare each with, and the time.
export function Chosen(props: ChosenProps) {
  const { place, index, environments, flags, envs, versions, drafts, requested, now, isNowWrong } = props;
  const [typed, setTyped] = useState("");
  const found = useMemo(() => {
    const wanted = typed.toLowerCase();
    return index.filter((flag) => flag.key.toLowerCase().includes(wanted) && !flags.includes(flag.key)).slice(0, most);
  }, [index, typed, flags]);
  const unknown = flags.filter((key) => index.length > 0 && !index.some((flag) => flag.key === key));
  const past = useQueries({ queries: envs.map((env) => latestVersionsQuery(place, env)) });
  const toggled = (env: string, isOn: boolean) =>
    environments.map(({ key }) => key).filter((key) => (key === env ? isOn : envs.includes(key)));
  return (
    <div className={styles.chosen}>
      <div className={styles.flags}>
        <ComboBox
          label={playWords.add_flag}
          options={found.map(({ key, name }) => ({ id: key, label: key, ...(name ? { detail: name } : {}) }))}
          value={null}
          input={typed}
          onInput={setTyped}
          onChange={(key) => {
            if (key === null) return;
            props.onFlags([...flags, key]);
            setTyped("");
          }}
        />
        <Tokens
          label={playWords.flags}
          isCode
          values={flags}
          onChange={props.onFlags}
          error={unknown.length > 0 ? playWords.unknown_flags(list(unknown)) : undefined}
        />
      </div>
      <fieldset className={styles.envs}>
        <legend>{playWords.environments}</legend>
        {environments.map(({ key, name }) => (
          <Checkbox key={key} isOn={envs.includes(key)} onChange={(isOn) => props.onEnvs(toggled(key, isOn))}>
            {name || key}
          </Checkbox>
        ))}
      </fieldset>
      {envs.map((env, i) => (
        <Compared
          key={env}
          env={env}
          name={environments.find(({ key }) => key === env)?.name || env}
          version={versions.get(env)}
          past={past[i]?.data ?? []}
          drafts={drafts?.get(env)?.length ?? 0}
          requests={(requested ?? []).filter((one) => one.env === env)}
          isRead={drafts !== undefined && requested !== undefined}
          onChange={(version) => props.onVersion(env, version)}
        />
      ))}
      <Field
        label={playWords.now}
        hint={playWords.now_hint}
        isCode
        value={now}
        onChange={props.onNow}
        error={isNowWrong ? playWords.now_wrong : undefined}
      />
    </div>
  );
}

interface ComparedProps {
  env: string;
  name: string;
  version: string | undefined;
  past: readonly PastVersion[];
  drafts: number;
  requests: readonly Requested[];
  isRead: boolean; // it is known which drafts and requests there are
  onChange: (version: string | undefined) => void;
}

// What an environment is compared with: one's own drafts, an open request, or a version of before.
function Compared({ env, name, version, past, drafts, requests, isRead, onChange }: ComparedProps) {
  const options = [
    { id: noVersion, label: playWords.compare_none },
    ...(drafts > 0 ? [{ id: draftWord, label: playWords.drafts(drafts) }] : []),
    ...requests.map(({ id, title }) => ({ id: requestWord + id, label: playWords.request(title) })),
    ...past.map((one) => ({ id: one.version, label: playWords.version(one.version, ago(one.at)) })),
  ];
  const isUnpublished = version === draftWord || (version?.startsWith(requestWord) ?? false);
  const isGone = isUnpublished && isRead && !options.some(({ id }) => id === version);
  return (
    <Select
      label={playWords.compare(name)}
      value={isGone ? noVersion : (version ?? noVersion)}
      options={options}
      onChange={(id) => onChange(id === noVersion ? undefined : id)}
      error={isGone ? playWords.drafts_gone(env) : undefined}
    />
  );
}
