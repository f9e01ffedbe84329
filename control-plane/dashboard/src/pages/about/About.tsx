import { publicUrl } from "../../api/base";
import { PageBody, PageHead, Section } from "../../parts/PageHead";
import { aboutWords } from "../../text/en/home";

export default function About() {
  return (
    <>
      <PageHead title={aboutWords.title} detail={publicUrl.href} />
      <PageBody isNarrow>
        <Section title={aboutWords.api}>
          <p>{aboutWords.api_detail}</p>
          <p>
            <a href={new URL("docs", publicUrl).href}>{aboutWords.docs}</a>
          </p>
          <p>
            <a href={new URL("openapi.json", publicUrl).href}>openapi.json</a>
          </p>
        </Section>
        <Section title={aboutWords.licence}>
          <p>{aboutWords.libraries}</p>
          <p>{aboutWords.fonts}</p>
        </Section>
      </PageBody>
    </>
  );
}
