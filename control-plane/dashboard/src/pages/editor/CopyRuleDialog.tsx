import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { environmentsQuery } from "../../api/queries/projects";
import type { Rule } from "../../model/index";
import { useGo } from "../../parts/page";
import { useMe } from "../../parts/session";
import { useAttempt } from "../../parts/use_attempt";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { ruleWords } from "../../text/en/rule";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormError } from "../../ui/Field";
import { ComboBox, Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";
import { copyRule } from "./copy_rule";
import type { Editing } from "./editing";

interface CopyRuleDialogProps {
  editing: Editing;
  rule: Rule;
  onClose: () => void;
}

const mostShown = 50;

// Where a rule is copied to: into the draft of another environment, or of another flag.
export default function CopyRuleDialog({ editing, rule, onClose }: CopyRuleDialogProps) {
  const { place, flag, env } = editing;
  const { org, project } = place;
  const person = useMe()?.user?.id ?? "";
  const go = useGo();
  const attempt = useAttempt();
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const index = useQuery(flagIndexQuery(org, project)).data?.flags ?? [];
  const [target, setTarget] = useState<string>();
  const [chosen, setChosen] = useState<string | null>(flag.key);
  const [typed, setTyped] = useState(flag.key);
  const [why, setWhy] = useState<string>();
  const isHere = (key: string) => key === env.key && chosen === flag.key;
  const others = environments.filter(({ key }) => !isHere(key));
  const to = others.some(({ key }) => key === target) ? target : others[0]?.key;
  const copy = async () => {
    if (!to || !chosen) return;
    setWhy(undefined);
    const isDone = await attempt.run(async () => {
      const copied = await copyRule(person, place, { flag: chosen, env: to }, rule);
      if ("missing" in copied) return setWhy(ruleWords.copy_missing(chosen, list(copied.missing)));
      if ("refusal" in copied) return setWhy(copied.refusal);
      const path = paths.editor(org, project, chosen, to, `?rule=${encodeURIComponent(copied.rule)}`);
      toast(ruleWords.copied(chosen, to), { action: { label: ruleWords.open_draft, onAction: () => go(path) } });
      onClose();
    });
    return isDone;
  };
  return (
    <Dialog
      title={ruleWords.copy_title}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.cancel}</Button>
          <Button kind="primary" isDisabled={!to || !chosen} isPending={attempt.isBusy} onPress={() => void copy()}>
            {ruleWords.copy_verb(to ?? "")}
          </Button>
        </>
      }
    >
      <p>{ruleWords.copy_detail}</p>
      <ComboBox
        label={ruleWords.flag}
        value={chosen}
        input={typed}
        onInput={setTyped}
        onChange={(key) => {
          setChosen(key);
          if (key) setTyped(key);
        }}
        options={index
          .filter(({ key }) => typed === chosen || key.includes(typed))
          .slice(0, mostShown)
          .map(({ key, name }) => ({ id: key, label: key, detail: name }))}
        error={why}
      />
      <Select
        label={ruleWords.environment}
        value={to ?? null}
        options={others.map(({ key, name }) => ({ id: key, label: name || key }))}
        onChange={setTarget}
      />
      {attempt.apartFrom([]) && <FormError>{attempt.apartFrom([])}</FormError>}
    </Dialog>
  );
}
