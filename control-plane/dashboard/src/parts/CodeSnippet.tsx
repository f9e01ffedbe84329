import { useState } from "react";
import type { FlagEntry } from "../api/queries/flag_index";
import type { Place } from "../api/queries/flags";
import { createServerKey } from "../api/queries/keys";
import { codeWords } from "../text/en/code";
import { Button } from "../ui/Button";
import { CopyText } from "../ui/CopyText";
import { Tabs } from "../ui/Tabs";
import { toast } from "../ui/toasts";
import { FirstEvaluation } from "./FirstEvaluation";
import { Buttons, Muted } from "./PageHead";
import { problemText } from "./Problem";
import { useMay } from "./session";
import { type SnippetKind, snippet, snippetKinds } from "./snippets";

interface CodeSnippetProps {
  place: Place;
  flag: string;
  type: FlagEntry["type"];
  env: string; // of the key that can be made for it
}

// The flag in a program, and a light that turns when the first program has asked.
export function CodeSnippet({ place, flag, type, env }: CodeSnippetProps) {
  const may = useMay();
  const [kind, setKind] = useState<SnippetKind>("curl");
  const [key, setKey] = useState<string>(); // gone with this page
  const make = async () => {
    try {
      setKey(await createServerKey(place, env, `${flag}, first try`));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <div>
      <Tabs label={codeWords.language} tabs={snippetKinds} value={kind} onChange={(id) => setKind(id as SnippetKind)}>
        <CopyText text={snippet(kind, { flag, type, relay: "RELAY", key: key ?? "KEY" })} isBlock />
      </Tabs>
      <p>
        <Muted>{key ? codeWords.key_once : codeWords.relay_hint}</Muted>
      </p>
      <Buttons>
        {key === undefined && may("manage_keys", place.org, place.project, env) && (
          <Button icon="key" onPress={() => void make()}>
            {codeWords.make_key}
          </Button>
        )}
        <FirstEvaluation place={place} flag={flag} />
      </Buttons>
    </div>
  );
}
