import type { Environment } from "../../api/queries/projects";
import type { FlagDefinition } from "../../model/index";
import type { DraftState } from "../../parts/draft/use_config_draft";
import { WhyNot } from "../../parts/WhyNot";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/States";

interface BannersProps {
  flag: FlagDefinition;
  env: Environment;
  state: DraftState;
  isReadOnly: boolean;
  mayPublish: boolean;
  onCompare: () => void;
}

// What there is to know before one edits.
export function Banners({ flag, env, state, isReadOnly, mayPublish, onCompare }: BannersProps) {
  return (
    <>
      {flag.archived && <Banner tone="info">{editorWords.archived}</Banner>}
      {isReadOnly && !flag.archived && <WhyNot action="edit" place={env.key} />}
      {!isReadOnly && !mayPublish && <WhyNot action="edit" place={env.key} isProtected />}
      {!state.isKept && <Banner tone="stale">{editorWords.not_kept}</Banner>}
      {state.rebasedOn !== undefined && <Banner tone="stale">{editorWords.on_top(state.rebasedOn)}</Banner>}
      {state.refusal && (
        <Banner tone="danger">
          {editorWords.refused} {state.refusal}
        </Banner>
      )}
      {state.problem && !state.conflict && (
        <Banner tone="danger">
          {editorWords.broken} {state.problem}
        </Banner>
      )}
      {state.conflict && (
        <Banner tone="danger">
          {editorWords.conflict}
          <Button onPress={onCompare}>{editorWords.conflict_resolve}</Button>
        </Banner>
      )}
    </>
  );
}
