import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { isProblem } from "../../api/errors";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import type { FlagConfig, FlagDefinition } from "../../model/index";
import { Load } from "../../parts/Load";
import { PageBody } from "../../parts/PageHead";
import { useSetSearch } from "../../parts/page";
import { editorWords } from "../../text/en/editor";
import { Button } from "../../ui/Button";
import { Banner, State } from "../../ui/States";
import type { Editing } from "./editing";
import { Line } from "./Line";
import { flagsIn } from "./prerequisites";
import type { schema } from "./search";

interface PastVersionProps {
  place: Place;
  flag: FlagDefinition;
  env: Environment;
  version: string; // of the environment's ruleset
}

// The configuration as it was in a version of the environment. Nothing can be changed.
export default function PastVersion({ place, flag, env, version }: PastVersionProps) {
  const query = useQuery(rulesetQuery(place, env.key, [flag.key], version));
  const setSearch = useSetSearch<typeof schema>();
  const back = <Button onPress={() => setSearch({ at: undefined })}>{editorWords.to_present}</Button>;
  if (isProblem(query.error, 404)) {
    return (
      <PageBody>
        <State title={editorWords.gone} actions={back} />
      </PageBody>
    );
  }
  return (
    <PageBody>
      <Banner tone="info">
        {editorWords.past(version)}
        {back}
      </Banner>
      <Load query={query}>{(text) => <Shown place={place} flag={flag} env={env} text={text} />}</Load>
    </PageBody>
  );
}

const nothing = () => undefined;

function Shown({ place, flag, env, text }: Omit<PastVersionProps, "version"> & { text: string }) {
  const config: FlagConfig | undefined = useMemo(() => flagsIn(text).get(flag.key), [text, flag]);
  if (!config) return <State title={editorWords.gone} />;
  const editing: Editing = {
    ...{ place, flag, env, config, base: config },
    isReadOnly: true,
    warnings: [],
    lit: undefined,
    counts: undefined,
    change: nothing,
    changeRule: nothing,
  };
  return <Line editing={editing} />;
}
