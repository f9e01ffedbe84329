// A sign-in on its way, and where it may lead.

#include "control-plane/sign_on/pending.hpp"

#include <catch2/catch.hpp>

#include "control-plane/sign_on/client_code.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp;
using namespace fanion::cp::sign_on;

namespace {

const auto sealing = SealingKeys::parse(SealingKeys::make_text()).value();

}  // namespace

TEST_CASE("what a browser keeps opens here, for ten minutes, and as nothing else") {
    auto pending = new_pending(access::OrgId("o_1"), ProviderId("idp_1"), 1000);
    pending.return_to = "/flags?q=1";
    pending.client = LoopbackClient{49152, challenge_of("v")};
    const auto text = seal_pending(sealing, pending).value();
    CHECK(text.find("o_1") == std::string::npos);
    const auto opened = open_pending(sealing, text, 1000);
    REQUIRE(opened);
    CHECK(opened->org_id == pending.org_id);
    CHECK(opened->provider_id == pending.provider_id);
    CHECK(opened->state == pending.state);
    CHECK(opened->nonce == pending.nonce);
    CHECK(opened->verifier == pending.verifier);
    CHECK(opened->return_to == "/flags?q=1");
    CHECK(opened->client == pending.client);
    CHECK(open_pending(sealing, text, 1000 + pending_lifetime - 1));
    CHECK_FALSE(open_pending(sealing, text, 1000 + pending_lifetime));
    CHECK_FALSE(open_pending(sealing, text.substr(1), 1000));
    CHECK_FALSE(open_pending(sealing, "", 1000));
    CHECK_FALSE(open_pending(SealingKeys::parse(SealingKeys::make_text()).value(), text, 1000));
    CHECK_FALSE(open_client_code(sealing, text, 1000));
    CHECK(new_pending(access::OrgId("o_1"), ProviderId("idp_1"), 1000).state != pending.state);
}

TEST_CASE("a code for a program opens for a minute") {
    const auto text =
        seal_client_code(sealing, {access::OrgId("o_1"), ProviderId("idp_1"), access::UserId("u_1"), "c", 60'000})
            .value();
    CHECK(open_client_code(sealing, text, 59'999)->user_id == access::UserId("u_1"));
    CHECK_FALSE(open_client_code(sealing, text, 60'000));
    CHECK_FALSE(open_pending(sealing, text, 0));
}

TEST_CASE("a browser is sent on to paths of this site only") {
    for (const auto* path : {"/", "/flags", "/a/b?c=d#e"}) CHECK(is_local_path(path));
    for (const auto* path :
         {"", "//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\r\nb", "/a b", "/\t/x"}) {
        CHECK_FALSE(is_local_path(path));
    }
    CHECK_FALSE(is_local_path('/' + std::string(512, 'x')));
}

TEST_CASE("the provider's page is asked for a code, with PKCE") {
    PendingSignOn pending;
    pending.state = "s";
    pending.nonce = "n";
    pending.verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636, appendix B
    ProviderMetadata provider;
    provider.authorization_endpoint = "https://login.example.com/auth?tenant=1";
    ProviderSettings settings;
    settings.client_id = "my client";
    settings.scopes = {"email", "openid"};
    CHECK(authorization_url(provider, settings, pending, "https://flags.example.com/cb") ==
          "https://login.example.com/auth?tenant=1&response_type=code&client_id=my%20client&"
          "redirect_uri=https%3A%2F%2Fflags.example.com%2Fcb&scope=openid%20email&state=s&nonce=n&"
          "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
    CHECK(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    CHECK_FALSE(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c="));
    CHECK_FALSE(is_challenge(""));
    const identity::BrowserSite site{"https://tools.example.com", "__Secure-fanion", "/fanion/"};
    CHECK(redirect_uri(site) == "https://tools.example.com/fanion/api/v1/auth/sign-on/callback");
    CHECK(pending_site(site).cookie_name == "__Secure-fanion-sign-on");
}
