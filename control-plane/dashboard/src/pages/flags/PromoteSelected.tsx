import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import { comparisonQuery } from "../../api/queries/promotion";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { itemId } from "../../parts/items";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Buttons } from "../../parts/PageHead";
import { useOffer } from "../../parts/session";
import { isCareful } from "../../parts/toggle";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { words } from "../../text/en";
import { bulkWords } from "../../text/en/bulk";
import { compareWords } from "../../text/en/compare";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Banner } from "../../ui/States";
import PromoteDialog from "../compare/PromoteDialog";
import { promoteAtOnce } from "../compare/promote";
import { most, pair, promotionOf, selectedItems } from "../compare/select";
import styles from "./FlagList.module.css";

interface PromoteSelectedProps {
  place: Place;
  environments: readonly Environment[];
  flags: readonly FlagEntry[];
  onClose: () => void;
  onDone: (keys: readonly string[]) => void;
}

// The selected flags from one environment to another: at once where nothing is asked, else by the review of a promotion.
export default function PromoteSelected({ place, environments, flags, onClose, onDone }: PromoteSelectedProps) {
  const [sides, setSides] = useState(() => pair(environments, undefined, undefined));
  const [reviewed, setReviewed] = useState<{ version: string; ids: string[] }>(); // what was compared when it was opened
  const { from, to } = sides;
  const isPair = from !== "" && to !== "" && from !== to;
  const comparison = useQuery({ ...comparisonQuery(place, from, to), enabled: isPair });
  const target = environments.find((env) => env.key === to);
  const offered = useOffer()("promote", place.org, place.project, target);
  const keys = flags.map((flag) => flag.key);
  const version = comparison.data?.from_version ?? "";
  const ids = selectedItems(comparison.data?.items ?? [], new Set(keys)).map(itemId);
  if (reviewed && target) {
    const close = (isDone: boolean) => (isDone ? onDone(keys) : onClose());
    return <PromoteDialog {...{ place, from, target, offered }} {...reviewed} parts={[]} onClose={close} />;
  }
  const start = async () => {
    if (target === undefined) return;
    const isAtOnce = !isCareful(target) && offered.kind === "allowed";
    if (isAtOnce && (await promoteAtOnce(place, to, promotionOf(from, version, ids, [], false)))) onDone(keys);
    else setReviewed({ version, ids });
  };
  const isReady = isPair && comparison.isSuccess && ids.length > 0 && ids.length <= most && offered.kind !== "denied";
  return (
    <Dialog title={bulkWords.promote_title(keys.length)} isOpen onClose={onClose}>
      <div className={styles.progress}>
        {(["from", "to"] as const).map((side) => (
          <EnvironmentPicker
            key={side}
            label={compareWords[side]}
            environments={environments}
            value={sides[side]}
            onChange={(env) => setSides({ ...sides, [side]: env })}
          />
        ))}
        {!isPair && <p role="status">{compareWords.same_environment}</p>}
        {isPair && (
          <Load query={comparison} rows={1}>
            {() => (
              <p role="status">
                {ids.length === 0 ? bulkWords.promote_same(from, to) : bulkWords.promote_some(ids.length, keys.length)}
              </p>
            )}
          </Load>
        )}
        {ids.length > most && <Banner tone="danger">{compareWords.at_most(most)}</Banner>}
        {offered.kind === "denied" && target && (
          <WhyNot action="promote" place={target.name || to} isProtected={target.protected} />
        )}
        {isPair && (
          <Link to={paths.compare(place.org, place.project, `?from=${from}&to=${to}`)}>
            {bulkWords.promote_compare}
          </Link>
        )}
      </div>
      <Buttons>
        <Button kind="primary" isDisabled={!isReady} onPress={() => void start()}>
          {offered.kind === "allowed"
            ? compareWords.promote_to(ids.length, to)
            : compareWords.ask_to_promote(ids.length, to)}
        </Button>
        <Button onPress={onClose}>{words.cancel}</Button>
      </Buttons>
    </Dialog>
  );
}
