import { OrgTabs } from "../../parts/OrgTabs";
import { PageBody } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { credentialWords } from "../../text/en/credentials";
import { KeyList } from "./KeyList";

export default function OrganisationKeys() {
  const { org } = useKeys();
  const may = useMay();
  return (
    <OrgTabs current="keys">
      <PageBody>
        {may("manage_keys", org) ? (
          <KeyList place={{ org }} title={credentialWords.keys} detail={credentialWords.org_detail} />
        ) : (
          <WhyNot action="manage_keys" place={org} />
        )}
      </PageBody>
    </OrgTabs>
  );
}
