import { EnvTabs } from "../../parts/EnvTabs";
import { PageBody } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { credentialWords } from "../../text/en/credentials";
import { KeyList } from "./KeyList";

export default function EnvironmentKeys() {
  const { org, project, env } = useKeys();
  const may = useMay();
  return (
    <EnvTabs current="keys">
      <PageBody>
        {may("manage_keys", org, project, env) ? (
          <KeyList place={{ org, project, env }} title={credentialWords.keys} detail={credentialWords.env_detail} />
        ) : (
          <WhyNot action="manage_keys" place={env} />
        )}
      </PageBody>
    </EnvTabs>
  );
}
