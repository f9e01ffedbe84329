#include "relay/cache/trust_chain.hpp"

#include <filesystem>

#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t largest_document = 1024 * 1024;

std::string path_of(const std::string& directory, std::uint64_t version) {
    return directory + "/" + std::to_string(version) + ".trust";
}

}  // namespace

TrustChain::TrustChain(std::string directory, wire::TrustDocument first)
    : directory_(std::move(directory)),
      first_(std::make_shared<const wire::TrustDocument>(std::move(first))),
      current_(first_) {}

Result<TrustChain> TrustChain::open(std::string directory, std::string_view first) {
    auto document = wire::parse_first_trust(first);
    if (!document) return document.error();
    TrustChain chain(std::move(directory), std::move(*document));
    chain.load_successors();
    return chain;
}

void TrustChain::load_successors() {
    for (;;) {
        const auto bytes = read_whole_file(path_of(directory_, current_->version + 1), largest_document);
        if (!bytes) disk_problem_ = bytes.error().detail;
        if (!bytes || !*bytes) return;
        auto next = wire::parse_next_trust(*current_, **bytes);
        if (!next) {
            disk_problem_ = describe(next.error());
            return;
        }
        current_ = std::make_shared<const wire::TrustDocument>(std::move(*next));
        successors_.emplace(current_->version, **bytes);
    }
}

Result<> TrustChain::append(std::string_view bytes) {
    auto next = wire::parse_next_trust(*current_, bytes);
    if (!next) return next.error();
    current_ = std::make_shared<const wire::TrustDocument>(std::move(*next));
    successors_.emplace(current_->version, bytes);
    return {};
}

void TrustChain::append_following(const Successors& successors) {
    for (const auto& [version, bytes] : successors) {
        if (version > current_->version && !append(bytes)) break;
    }
}

TrustChain::Successors TrustChain::documents() const {
    auto documents = successors_;
    documents.emplace(first_->version, first_->bytes);
    return documents;
}

bool is_trust_missing(const std::string& directory, std::uint64_t version) {
    std::error_code error;
    return !std::filesystem::exists(path_of(directory, version), error) && !error;
}

Result<> save_trust(const std::string& directory, std::uint64_t version, std::string_view bytes) {
    if (auto made = make_directories(directory); !made) return made;
    return replace_file(path_of(directory, version), bytes, Durability::power_cut);
}

}  // namespace fanion::relay::cache
