#include "control-plane/webhooks/signature.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "common/base/crypto.hpp"

using namespace fanion;
using namespace fanion::cp::webhooks;

namespace {

const std::string design_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SignedMessage design_message{"msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"};

}  // namespace

TEST_CASE("the vector of Standard Webhooks is signed as it says") {
    const std::vector<std::string> secrets{design_secret};
    CHECK(signature_header(design_message, secrets) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("during a rotation each of the two secrets signs") {
    const auto other = make_secret();
    const std::vector<std::string> one{other};
    const std::vector<std::string> both{other, design_secret};
    CHECK(signature_header(design_message, both) ==
          *signature_header(design_message, one) + " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("id, time and body are signed, each of them") {
    const std::vector<std::string> secrets{design_secret};
    std::set<std::string> signatures;
    signatures.insert(*signature_header(design_message, secrets));
    signatures.insert(*signature_header({"msg_other", design_message.timestamp, design_message.body}, secrets));
    signatures.insert(*signature_header({design_message.id, 1614265331, design_message.body}, secrets));
    signatures.insert(*signature_header({design_message.id, design_message.timestamp, "{}"}, secrets));
    CHECK(signatures.size() == 4);
}

TEST_CASE("a secret is whsec_ and 32 bytes in base64; nothing else signs") {
    const auto secret = make_secret();
    CHECK(secret != make_secret());
    CHECK(from_base64(std::string_view(secret).substr(6))->size() == 32);
    for (const std::string bad : {"", "whsec_", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
        CAPTURE(bad);
        const std::vector<std::string> secrets{design_secret, bad};
        CHECK_FALSE(signature_header(design_message, secrets));
    }
}
