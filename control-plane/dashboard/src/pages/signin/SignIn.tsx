import { useState } from "react";
import { pagePath, publicUrl } from "../../api/base";
import { Before } from "../../parts/Before";
import { useGo, usePageSearch } from "../../parts/page";
import { SignInForm } from "../../parts/SignInForm";
import { signInWords } from "../../text/en/signin";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { Banner } from "../../ui/States";
import styles from "./SignIn.module.css";
import { SingleSignOn } from "./SingleSignOn";
import { schema } from "./search";
import { localTarget } from "./target";

const command = "fanion-control-plane bootstrap --org KEY --email YOU";
const keepsNumbers = "rawJSON" in JSON;

export default function SignIn() {
  const { to, org = "", provider = "" } = usePageSearch(schema);
  const go = useGo();
  const [isSingle, setSingle] = useState(org !== "");
  const target = localTarget(to);
  return (
    <Before title={signInWords.title_named(publicUrl.host)}>
      {!keepsNumbers && <Banner tone="stale">{signInWords.old_browser}</Banner>}
      {isSingle ? (
        <SingleSignOn org={org} provider={provider} returnTo={pagePath(target)} />
      ) : (
        <SignInForm onDone={() => go(target + window.location.hash, true)} />
      )}
      <Button kind="quiet" onPress={() => setSingle(!isSingle)}>
        {isSingle ? signInWords.sso_back : signInWords.sso}
      </Button>
      <details className={styles.first}>
        <summary>{signInWords.nobody}</summary>
        <p>{signInWords.setup_hint}</p>
        <CopyText text={command} isBlock />
      </details>
    </Before>
  );
}
