import { useState } from "react";
import type { FlagEntry } from "../api/queries/flag_index";
import type { Place } from "../api/queries/flags";
import { createServerKey } from "../api/queries/keys";
import { snippets } from "../model/index";
import { codeWords } from "../text/en/code";
import { Button } from "../ui/Button";
import { CopyText } from "../ui/CopyText";
import { Tabs } from "../ui/Tabs";
import { toast } from "../ui/toasts";
import styles from "./CodeSnippet.module.css";
import { FirstEvaluation } from "./FirstEvaluation";
import { Buttons, Muted } from "./PageHead";
import { problemText } from "./Problem";
import { useMay } from "./session";

interface CodeSnippetProps {
  place: Place;
  flag: string;
  type: FlagEntry["type"];
  env: string; // of the key that can be made for it
}

const relay = "https://RELAY";

// The flag in a program, and a light that turns when the first program has asked.
export function CodeSnippet({ place, flag, type, env }: CodeSnippetProps) {
  const may = useMay();
  const [kind, setKind] = useState("curl");
  const [key, setKey] = useState<string>(); // gone with this page
  const make = async () => {
    try {
      setKey(await createServerKey(place, env, `${flag}, first try`));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const made = snippets({ flag, type, relay, targetingKey: "alice", project: place.project, environment: env });
  const shown = made.find((one) => one.kind === kind);
  return (
    <div className={styles.snippet}>
      <Tabs
        label={codeWords.language}
        tabs={made.map((one) => ({ id: one.kind, label: one.title }))}
        value={kind}
        onChange={setKind}
      >
        <div className={styles.snippet}>
          {shown?.install && <CopyText text={shown.install} isBlock />}
          {key && <CopyText text={`export FANION_KEY='${key}'`} isBlock />}
          {shown && <CopyText text={shown.code.trimEnd()} isBlock />}
        </div>
      </Tabs>
      <Muted>{key ? codeWords.key_once : shown?.key === "client" ? codeWords.client_hint : codeWords.relay_hint}</Muted>
      <Buttons>
        {key === undefined && may("manage_keys", place.org, place.project, env) && (
          <Button icon="key" onPress={() => void make()}>
            {codeWords.make_key(env)}
          </Button>
        )}
        <FirstEvaluation place={place} flag={flag} />
      </Buttons>
    </div>
  );
}
