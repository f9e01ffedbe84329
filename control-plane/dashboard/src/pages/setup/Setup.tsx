import { useState } from "react";
import type { Flag } from "../../api/queries/flags";
import { meQuery } from "../../api/queries/me";
import { queries } from "../../api/query";
import { Before } from "../../parts/Before";
import { useGo } from "../../parts/page";
import { paths } from "../../paths";
import { setupWords } from "../../text/en/home";
import { Banner } from "../../ui/States";
import { FirstFlag } from "./FirstFlag";
import { FirstProject } from "./FirstProject";
import { Password } from "./Password";
import { Try } from "./Try";

type Step = { at: "password" } | { at: "project"; org: string } | { at: "flag"; org: string; project: string } | Ready;
type Ready = { at: "try"; org: string; project: string; flag: Flag };
const order = ["password", "project", "flag", "try"] as const;

// The token stands in the fragment, which no server sees, and leaves the address as soon as it is used.
const tokenOf = () => window.location.hash.slice(1);

// From the link to the first evaluation. Whatever is left out can be done later, from Home.
export default function Setup() {
  const go = useGo();
  const [token] = useState(tokenOf);
  const [step, setStep] = useState<Step>({ at: "password" });

  const signedIn = async () => {
    window.history.replaceState(window.history.state, "", window.location.pathname);
    const me = await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    const own = me.orgs.find((access) => access.permissions.includes("manage_projects"));
    if (own) setStep({ at: "project", org: own.key });
    else go(paths.organisations(), true);
  };

  const title = {
    password: setupWords.title,
    project: setupWords.project_title,
    flag: setupWords.flag_title,
    try: setupWords.snippet_title,
  }[step.at];
  return (
    <Before title={title} detail={setupWords.step(order.indexOf(step.at) + 1, order.length)} isWide={step.at === "try"}>
      {step.at === "password" &&
        (token === "" ? (
          <Banner tone="stale">{setupWords.no_token}</Banner>
        ) : (
          <Password token={token} onDone={() => void signedIn()} />
        ))}
      {step.at === "project" && (
        <FirstProject
          org={step.org}
          onDone={(project) => setStep({ at: "flag", org: step.org, project })}
          onLater={() => go(paths.org(step.org), true)}
        />
      )}
      {step.at === "flag" && (
        <FirstFlag
          place={step}
          onDone={(flag) => setStep({ at: "try", org: step.org, project: step.project, flag })}
          onLater={() => go(paths.project(step.org, step.project), true)}
        />
      )}
      {step.at === "try" && (
        <Try place={step} flag={step.flag} onDone={() => go(paths.flags(step.org, step.project), true)} />
      )}
    </Before>
  );
}
