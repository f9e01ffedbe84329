#include "relay/inject/review.hpp"

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "relay/inject/pod.hpp"

namespace fanion::relay::inject {
namespace {

constexpr std::string_view api_version = "admission.k8s.io/v1";
constexpr std::size_t longest_message = 4'096;
constexpr std::size_t longest_uid = 256;
// managedFields nest deeper than our own documents, and a variable or an annotation may be long; how much there can be in
// all is bounded by the server's limit of a body.
constexpr json::ScanLimits scan_limits{.bytes = 64u * 1024 * 1024, .depth = 100, .string_bytes = 4u * 1024 * 1024};

struct Request {
    bool is_new_pod = false;
    json::Value object;
};

std::string read_exactly(json::Reader& r, std::string_view name, std::string_view wanted) {
    auto text = r.string(name);
    if (!text.empty() && text != wanted) {
        r.fail_at(name, "out_of_range", "'" + shortened(text, 100) + "' is not " + std::string(wanted));
    }
    return text;
}

Request read_request(json::Reader request, Verdict& verdict) {
    verdict.uid = request.string("uid");
    if (verdict.uid.size() > longest_uid) request.fail_at("uid", "out_of_range", "must have at most 256 bytes");
    verdict.space = shortened(request.optional_string("namespace").value_or(""), 253);
    const auto dry_run = request.optional_any("dryRun");
    verdict.is_dry_run = dry_run && dry_run.is(json::Kind::boolean) && dry_run.as_bool();
    auto resource = request.object("resource");
    const bool is_pod = resource.string("group", "").empty() && resource.string("resource") == "pods";
    const bool is_whole = request.optional_string("subResource").value_or("").empty();
    const bool is_new = request.string("operation") == "CREATE";
    Request out{is_pod && is_whole && is_new, {}};
    if (out.is_new_pod) out.object = request.object("object").value();
    return out;
}

std::string joined(const std::vector<std::string>& mistakes) {
    std::string all = "no Fanion relay can be added: ";
    for (const auto& mistake : mistakes) all += (&mistake == &mistakes.front() ? "" : "; ") + mistake;
    return shortened(all, longest_message);
}

void judge(const Pod& pod, const Sidecar& sidecar, Verdict& verdict) {
    if (!pod.annotations || !pod.annotations.find(inject_annotation)) return;
    if (has_sidecar(pod, sidecar.name())) {
        verdict.outcome = Outcome::present;
        return;
    }
    std::vector<std::string> mistakes;
    const auto wishes = read_wishes(pod.annotations, mistakes);
    const auto addition = sidecar.for_pod(wishes, mistakes);
    check_room(pod, sidecar, addition, mistakes);
    if (!mistakes.empty()) {
        verdict.outcome = Outcome::refused;
        verdict.message = joined(mistakes);
        return;
    }
    verdict.outcome = Outcome::added;
    verdict.environments = wishes.environments;
    verdict.patch = make_patch(pod, addition);
}

}  // namespace

std::string_view name_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::added:
            return "added";
        case Outcome::present:
            return "present";
        case Outcome::not_asked:
            return "not_asked";
        case Outcome::refused:
            return "refused";
    }
    return "";
}

Result<Verdict> review(std::string_view body, const Sidecar& sidecar) {
    json::Document document;
    if (auto parsed = document.parse(body, scan_limits); !parsed) return parsed.error();
    std::vector<Finding> findings;
    Verdict verdict;
    json::Reader r(document.root(), findings);
    read_exactly(r, "apiVersion", api_version);
    read_exactly(r, "kind", "AdmissionReview");
    const auto request = read_request(r.object("request"), verdict);
    Pod pod;
    if (request.object) pod = read_pod(request.object, findings);
    if (!findings.empty()) {
        return Error{Errc::invalid_input, "not an AdmissionReview of " + std::string(api_version), std::move(findings)};
    }
    verdict.pod = shortened(pod.name, 253);
    if (request.is_new_pod) judge(pod, sidecar, verdict);
    return verdict;
}

std::string answer(const Verdict& verdict) {
    std::string text;
    json::Writer w(text);
    w.begin_object().member("apiVersion", api_version).member("kind", "AdmissionReview").key("response").begin_object();
    w.member("uid", verdict.uid).member("allowed", verdict.outcome != Outcome::refused);
    if (verdict.outcome == Outcome::refused) {
        w.key("status").begin_object().member("status", "Failure").member("message", verdict.message);
        w.member("reason", "Invalid").member("code", 422).end_object();
    }
    if (verdict.outcome == Outcome::added) w.member("patchType", "JSONPatch").member("patch", to_base64(verdict.patch));
    w.end_object().end_object();
    return text;
}

}  // namespace fanion::relay::inject
