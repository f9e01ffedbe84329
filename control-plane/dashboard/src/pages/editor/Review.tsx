import { useQuery } from "@tanstack/react-query";
import { flagIndexQuery } from "../../api/queries/flag_index";
import { approvalsQuery } from "../../api/queries/settings";
import { useGo } from "../../parts/page";
import ReviewSheet from "../../parts/ReviewSheet";
import { Impact } from "../../parts/review/Impact";
import type { Counted } from "../../parts/review/use_step_counts";
import type { EditorViewProps } from "./EditorView";
import { type Published, reviewedOf } from "./reviewed";
import type { Tried } from "./use_tried";

interface ReviewProps extends EditorViewProps {
  mayPublish: boolean;
  tried: Tried;
  counted: Counted;
  onPublished: (published: Published) => void;
  onClose: () => void;
}

// The draft, reviewed and published.
export default function Review(props: ReviewProps) {
  const { place, flag, env, state, tried, counted, onClose } = props;
  const go = useGo();
  const index = useQuery(flagIndexQuery(place.org, place.project)).data;
  const approvals = useQuery(approvalsQuery({ ...place, env: env.key })).data?.value.required;
  const entry = index?.flags.find((each) => each.key === flag.key)?.environments[env.key];
  const impact = (
    <Impact
      {...{ place, flag, env: env.key, contexts: tried.contexts, counted }}
      before={state.base}
      after={state.config}
      saved={tried.saved.ruleset}
      draft={tried.draft.ruleset}
    />
  );
  const reviewed = reviewedOf({ ...props, warnings: tried.before, impact, index: entry, approvals, go });
  return <ReviewSheet reviewed={reviewed} onClose={onClose} onDone={onClose} />;
}
