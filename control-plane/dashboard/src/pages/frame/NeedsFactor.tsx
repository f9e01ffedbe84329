import { Link } from "../../parts/Link";
import { PageBody } from "../../parts/PageHead";
import { paths } from "../../paths";
import { frameWords } from "../../text/en/frame";
import { meWords } from "../../text/en/me";
import { State } from "../../ui/States";

// In the place of every page of an organisation that requires a second factor, for whom has none.
export default function NeedsFactor() {
  return (
    <PageBody>
      <State
        isPage
        icon="lock"
        title={frameWords.needs_factor}
        detail={meWords.lacks_factor}
        actions={<Link to={paths.me("profile")}>{meWords.factor_set_up}</Link>}
      />
    </PageBody>
  );
}
