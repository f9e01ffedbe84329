import { PageBody } from "../../parts/PageHead";
import { NotFound } from "../../ui/States";

export default function NoPage() {
  return (
    <PageBody>
      <NotFound isPage />
    </PageBody>
  );
}
