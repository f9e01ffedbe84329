import { Link } from "../../parts/Link";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { useMe } from "../../parts/session";
import { paths } from "../../paths";
import { meWords } from "../../text/en/me";
import { CopyText } from "../../ui/CopyText";
import { Status } from "../../ui/Status";
import { MePage } from "./MePage";
import { SecondFactor } from "./SecondFactor";

export default function Profile() {
  const me = useMe();
  return (
    <MePage current="profile">
      <PageBody isNarrow>
        <Section title={me?.user?.name || me?.user?.email || meWords.title}>
          <Lines label={meWords.title}>
            <Line end={me?.user?.email}>{meWords.email}</Line>
            <Line end={me?.user && <CopyText text={me.user.id} />}>{meWords.id}</Line>
          </Lines>
        </Section>
        <SecondFactor />
        <Section title={meWords.organisations}>
          <Lines label={meWords.organisations}>
            {(me?.orgs ?? []).map((access) => (
              <Line key={access.key} end={<Muted>{meWords.role(access.role)}</Muted>}>
                <Link to={paths.org(access.key)}>{access.name || access.key}</Link>
                {access.lacks_second_factor && <Status kind="rejected" text={meWords.lacks_factor} />}
              </Line>
            ))}
          </Lines>
        </Section>
      </PageBody>
    </MePage>
  );
}
