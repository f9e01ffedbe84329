import { useQuery } from "@tanstack/react-query";
import { usageQuery } from "../../api/queries/organisation";
import { Load } from "../../parts/Load";
import { Line, Lines, Section } from "../../parts/PageHead";
import { organisationWords as texts } from "../../text/en/organisation";
import { Status } from "../../ui/Status";

const nearly = 0.9;

export function Quotas({ org }: { org: string }) {
  const usage = useQuery(usageQuery(org));
  return (
    <Section title={texts.quotas} detail={texts.quotas_detail}>
      <Load query={usage}>
        {({ quotas }) => (
          <Lines label={texts.quotas}>
            {quotas.map(({ name, used, limit }) => (
              <Line
                key={name}
                end={
                  <>
                    {limit !== null && used >= limit * nearly && <Status kind="stale" text={texts.nearly} />}
                    {texts.used(used, limit)}
                  </>
                }
              >
                {texts.quota[name]}
              </Line>
            ))}
          </Lines>
        )}
      </Load>
    </Section>
  );
}
