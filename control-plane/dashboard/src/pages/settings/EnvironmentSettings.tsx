import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { approvalsQuery, deleteEnvironment, environmentQuery, tryDeleteEnvironment } from "../../api/queries/settings";
import { DeleteDialog } from "../../parts/DeleteDialog";
import { EnvTabs } from "../../parts/EnvTabs";
import { Load } from "../../parts/Load";
import { PageBody, Section } from "../../parts/PageHead";
import { useGo, useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { environmentWords as texts } from "../../text/en/environments";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/toasts";
import { ApprovalsForm } from "./ApprovalsForm";
import { EnvironmentForm } from "./EnvironmentForm";

export default function EnvironmentSettings() {
  const place = useKeys();
  const { org, project, env } = place;
  const may = useMay()("manage_environments", org, project, env);
  const given = useQuery(environmentQuery(place));
  const approvals = useQuery(approvalsQuery(place));
  const [isDeleting, setDeleting] = useState(false);
  const go = useGo();
  return (
    <EnvTabs current="settings">
      <PageBody isNarrow>
        {!may && <WhyNot action="manage_environments" place={env} />}
        <Section title={texts.general}>
          <Load query={given}>{(value) => <EnvironmentForm place={place} given={value} isReadOnly={!may} />}</Load>
        </Section>
        <Section title={texts.approvals} detail={texts.approvals_detail}>
          <Load query={approvals} rows={1}>
            {(value) => <ApprovalsForm place={place} given={value} isReadOnly={!may} />}
          </Load>
        </Section>
        {may && (
          <Section title={texts.delete} detail={texts.delete_detail}>
            <div>
              <Button kind="danger" onPress={() => setDeleting(true)}>
                {texts.delete}
              </Button>
            </div>
          </Section>
        )}
        {isDeleting && (
          <DeleteDialog
            name={env}
            action={texts.delete}
            detail={texts.delete_detail}
            onTry={() => tryDeleteEnvironment({ org, project, env })}
            onDelete={async () => {
              await deleteEnvironment({ org, project, env }, given.data?.etag ?? "*");
              toast(texts.deleted(env));
              go(paths.projectPart(org, project, "settings"));
            }}
            onClose={() => setDeleting(false)}
          />
        )}
      </PageBody>
    </EnvTabs>
  );
}
