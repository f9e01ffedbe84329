import { useQuery } from "@tanstack/react-query";
import { prometheusQuery } from "../../api/queries/rollouts";
import { Muted } from "../../parts/PageHead";
import { newRolloutWords } from "../../text/en/new_rollout";
import { Button } from "../../ui/Button";
import { GuardFields } from "./GuardFields";
import { type GuardForm, newGuard } from "./plan";
import styles from "./Rollouts.module.css";

interface GuardsEditorProps {
  org: string;
  to: string; // the variation that grows
  guards: readonly GuardForm[];
  errorAt: (pointer: string) => string | undefined;
  onChange: (guards: readonly GuardForm[]) => void;
}

const most = 10;

// What stops the rollout by itself.
export function GuardsEditor({ org, to, guards, errorAt, onChange }: GuardsEditorProps) {
  const sources = (useQuery(prometheusQuery(org)).data ?? []).map(({ key }) => key);
  const [source] = sources;
  const isFull = guards.length >= most;
  const add = (guard: GuardForm) => onChange([...guards, guard]);
  return (
    <>
      {guards.length === 0 && <Muted>{newRolloutWords.no_guards}</Muted>}
      <ol className={styles.steps}>
        {guards.map((guard, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: guards have nothing but their place
          <li key={i}>
            <GuardFields
              number={i + 1}
              to={to}
              guard={guard}
              sources={sources}
              errorAt={(name) => errorAt(`/guards/${i}${name}`)}
              onChange={(changes) => onChange(guards.map((each, at) => (at === i ? { ...each, ...changes } : each)))}
              onRemove={() => onChange(guards.filter((_, other) => other !== i))}
            />
          </li>
        ))}
      </ol>
      <div className={styles.tools}>
        <Button icon="add" isDisabled={isFull} onPress={() => add(newGuard("evaluations"))}>
          {newRolloutWords.add_evaluations}
        </Button>
        {source !== undefined && (
          <>
            <Button icon="add" isDisabled={isFull} onPress={() => add(newGuard("burn", source))}>
              {newRolloutWords.add_burn}
            </Button>
            <Button icon="add" isDisabled={isFull} onPress={() => add(newGuard("query", source))}>
              {newRolloutWords.add_query}
            </Button>
          </>
        )}
      </div>
      {source === undefined && <Muted>{newRolloutWords.no_prometheus}</Muted>}
    </>
  );
}
