// An AdmissionReview from outside: refused with a reason, or answered for its uid, always in the same way; what is added is a patch
// of additions below /spec.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/json/tree.hpp"
#include "relay/inject/review.hpp"

namespace {

using namespace fanion;
using namespace fanion::relay::inject;

constexpr std::string_view sidecar_file =
    R"({"initContainers":[{"name":"fanion-relay","image":"relay:1","restartPolicy":"Always","env":[)"
    R"({"name":"FANION_LISTEN","value":"127.0.0.1:8080"},{"name":"FANION_OPERATORS_LISTEN","value":"0.0.0.0:9090"},)"
    R"({"name":"FANION_REQUIRE_ENVIRONMENTS","value":"E"},{"name":"FANION_KEY_FILE","value":"/k/relay.key"}],)"
    R"("ports":[{"name":"fanion-ops","containerPort":9090}],"volumeMounts":[{"name":"k","mountPath":"/k"}]}],)"
    R"("volumes":[{"name":"k","secret":{"secretName":"s"}}]})";

const Sidecar& sidecar() {
    static const auto parsed = Sidecar::parse(sidecar_file);
    if (!parsed) std::abort();
    return *parsed;
}

void check_patch(const std::string& text) {
    const auto patch = json::Tree::parse(text);
    if (!patch || patch->elements().size() < 2) std::abort();
    for (const auto& operation : patch->elements()) {
        const bool adds = operation.find("op")->as_string() == "add";
        if (!adds || !operation.find("path")->as_string().starts_with("/spec/")) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto verdict = review(body, sidecar());
    if (!verdict) {
        if (describe(verdict.error()).empty()) std::abort();
        return 0;
    }
    const auto text = answer(*verdict);
    const auto answered = json::Tree::parse(text);
    if (!answered) std::abort();
    const auto* response = answered->find("response");
    if (response->find("uid")->as_string() != verdict->uid) std::abort();
    if (response->find("allowed")->as_bool() == (verdict->outcome == Outcome::refused)) std::abort();
    if ((verdict->outcome == Outcome::refused) == verdict->message.empty()) std::abort();
    if (verdict->outcome == Outcome::added) check_patch(verdict->patch);
    if (const auto again = review(body, sidecar()); !again || answer(*again) != text) std::abort();
    return 0;
}
