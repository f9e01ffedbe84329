import { Fragment } from "react";
import { paths } from "../paths";
import { relayWords } from "../text/en/relays";
import { Link } from "./Link";
import { Muted } from "./PageHead";

interface RelayNameProps {
  org: string;
  relay: { relay: string; path: readonly string[]; labels: readonly string[] };
  isCanary?: boolean;
}

// A relay with what it calls itself, and the relays that it gets everything from.
export function RelayName({ org, relay: { relay, path, labels }, isCanary = false }: RelayNameProps) {
  return (
    <>
      <Link to={paths.relay(org, relay)}>{relay}</Link>{" "}
      <Muted>
        {labels.map((label) => (
          <Fragment key={label}>
            <code>{label}</code>{" "}
          </Fragment>
        ))}
        {isCanary && !labels.includes(relayWords.canary) && `${relayWords.canary} `}
        {path.length > 0 && relayWords.behind(path.join(" › "))}
      </Muted>
    </>
  );
}
