import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  deleteOrganisation,
  organisationQuery,
  retentionQuery,
  tryDeleteOrganisation,
} from "../../api/queries/organisation";
import { DeleteDialog } from "../../parts/DeleteDialog";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { PageBody, Section } from "../../parts/PageHead";
import { useGo, useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { organisationWords as texts } from "../../text/en/organisation";
import { Button } from "../../ui/Button";
import { OrganisationForm } from "./OrganisationForm";
import { Quotas } from "./Quotas";
import { RetentionForm } from "./RetentionForm";

export default function OrganisationSettings() {
  const { org } = useKeys();
  const may = useMay()("manage_organisation", org);
  return (
    <OrgTabs current="settings">
      <PageBody isNarrow>
        {!may && <WhyNot action="configure_organisation" place={org} />}
        <Quotas org={org} />
        {may && <Owned org={org} />}
      </PageBody>
    </OrgTabs>
  );
}

// What only owners set.
function Owned({ org }: { org: string }) {
  const go = useGo();
  const given = useQuery(organisationQuery(org));
  const audit = useQuery(retentionQuery(org, "audit"));
  const events = useQuery(retentionQuery(org, "events"));
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <Section title={texts.general}>
        <Load query={given}>{(value) => <OrganisationForm org={org} given={value} />}</Load>
      </Section>
      <Section title={texts.retention} detail={texts.retention_detail}>
        <Load query={audit}>{(value) => <RetentionForm org={org} of="audit" given={value} />}</Load>
        <Load query={events}>{(value) => <RetentionForm org={org} of="events" given={value} />}</Load>
      </Section>
      <Section title={texts.delete} detail={texts.delete_detail}>
        <div>
          <Button kind="danger" onPress={() => setDeleting(true)}>
            {texts.delete}
          </Button>
        </div>
      </Section>
      {isDeleting && (
        <DeleteDialog
          name={org}
          action={texts.delete}
          detail={texts.delete_detail}
          onTry={() => tryDeleteOrganisation(org)}
          onDelete={async () => {
            await deleteOrganisation(org, given.data?.etag ?? "*");
            go(paths.organisations());
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
