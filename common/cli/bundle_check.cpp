#include "common/cli/bundle_check.hpp"

#include "common/cli/signed_file.hpp"

namespace fanion::cli {
namespace {

Error refused(std::string code, std::string detail) {
    return {Errc::unprocessable, "the document does not verify", {{"", "", std::move(code), std::move(detail)}}};
}

}  // namespace

Result<std::vector<std::string>> split_bundle(std::string_view text) {
    wire::BundleSplitter splitter(text.size());
    std::vector<std::string> documents;
    if (auto fed = splitter.feed(text, documents); !fed) return fed.error();
    if (auto ended = splitter.finish(documents); !ended) return ended.error();
    return documents;
}

Result<BundleCheck> BundleCheck::begin(std::string_view trust) {
    auto documents = split_bundle(trust);
    if (!documents || documents->empty()) return Error{Errc::unprocessable, "the trust file has no trust document"};
    auto first = wire::parse_first_trust(documents->front());
    if (!first) return Error{Errc::unprocessable, "the trust file: " + describe(first.error())};
    BundleCheck check(std::move(*first));
    for (auto document = documents->begin() + 1; document != documents->end(); ++document) {
        auto next = wire::parse_next_trust(check.trust_, *document);
        if (!next) return Error{Errc::unprocessable, "the trust file: " + describe(next.error())};
        check.trust_ = std::move(*next);
    }
    return check;
}

Result<> BundleCheck::add_trust(std::uint64_t version, std::string_view bytes) {
    if (version <= trust_.version) return {};
    auto next = wire::parse_next_trust(trust_, bytes);
    if (!next) return refused("bad_signature", describe(next.error()));
    trust_ = std::move(*next);
    return {};
}

Result<std::optional<wire::Manifest>> BundleCheck::add(std::string_view bytes) {
    const auto document = wire::read_bundle_document(bytes);
    if (!document) return refused("malformed", describe(document.error()));
    if (document->is_trust()) {
        if (auto added = add_trust(document->trust, bytes); !added) return added.error();
        return std::optional<wire::Manifest>();
    }
    wire::Expected expected;
    expected.at_rest = true;
    auto result = wire::accept_ruleset(bytes, trust_, expected);
    if (const auto* rejection = std::get_if<wire::Rejection>(&result))
        return refused(std::string(wire::name_of(rejection->code)), rejection->detail);
    auto& accepted = std::get<wire::Accepted>(result);
    if (auto compiles = check_compiles(accepted.items); !compiles)
        return refused("invalid", describe(compiles.error()));
    return std::optional(std::move(accepted.manifest));
}

}  // namespace fanion::cli
