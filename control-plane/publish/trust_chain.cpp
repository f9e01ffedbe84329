#include "control-plane/publish/trust_chain.hpp"

#include <utility>

namespace fanion::cp::publish {
namespace {

// The first two lines with their LF; everything when there are fewer.
std::string_view cut_document(std::string_view& text) {
    auto end = text.find('\n');
    if (end != std::string_view::npos) end = text.find('\n', end + 1);
    const auto document = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(document.size());
    return document;
}

}  // namespace

Result<TrustChain> TrustChain::parse(std::string_view text) {
    std::vector<wire::TrustDocument> documents;
    do {
        const auto bytes = cut_document(text);
        auto document =
            documents.empty() ? wire::parse_first_trust(bytes) : wire::parse_next_trust(documents.back(), bytes);
        if (!document) return document.error();
        documents.push_back(std::move(*document));
    } while (!text.empty());
    return TrustChain(std::move(documents));
}

std::string TrustChain::after(std::uint64_t from) const {
    std::string out;
    for (const auto& document : documents_)
        if (document.version > from) out += document.bytes;
    return out;
}

}  // namespace fanion::cp::publish
