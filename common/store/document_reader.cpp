#include "common/store/document_reader.hpp"

#include <deque>
#include <filesystem>

#include "common/store/bundle_reader.hpp"
#include "common/store/object_store.hpp"

namespace fanion::store {
namespace {

constexpr std::size_t most_tries = 3;  // snapshots of one environment: one may be torn, or not what its name says

class StoreReader final : public DocumentReader {
public:
    static Result<std::unique_ptr<DocumentReader>> open(std::unique_ptr<ObjectStore> store, DocumentNeeds needs) {
        auto names = store->list();
        if (!names) return names.error();
        return std::unique_ptr<DocumentReader>(
            new StoreReader(std::move(store), wire::parse_object_names(*names), std::move(needs)));
    }

    Result<std::optional<std::string>> next() override {
        while (!wanted_.empty()) {
            const auto object = std::move(wanted_.front());
            wanted_.pop_front();
            if (!object.env_id.empty() && object.env_id == skipped_) continue;
            auto bytes = store_->get(object.name, most_bytes_);
            if (bytes) return std::optional(std::move(*bytes));
            if (!is_of_object(bytes.error().code)) return bytes.error();
        }
        return std::optional<std::string>();
    }

    void skip_older(std::string_view env_id) override { skipped_ = env_id; }

private:
    struct Object {
        std::string name;
        std::string env_id;  // empty: a trust document
    };

    StoreReader(std::unique_ptr<ObjectStore> store, const wire::StoredDocuments& stored, DocumentNeeds needs)
        : store_(std::move(store)), most_bytes_(needs.most_bytes) {
        for (const auto version : stored.trust) {
            if (version > needs.trust_after) wanted_.push_back({wire::trust_object_name(version), ""});
        }
        for (const auto& [env_id, versions] : stored.snapshots) {
            if (!needs.only.empty() && !needs.only.contains(env_id)) continue;
            const auto held = needs.held.find(env_id);
            std::size_t tries = 0;
            for (auto version = versions.rbegin(); version != versions.rend() && tries < most_tries; ++version) {
                if (held != needs.held.end() && *version <= held->second) break;
                wanted_.push_back({wire::snapshot_object_name(env_id, *version), env_id});
                ++tries;
            }
        }
    }

    // Says nothing about the others: somebody replaced it, or wrote something else.
    static bool is_of_object(Errc code) {
        return code == Errc::not_found || code == Errc::too_large || code == Errc::invalid_input;
    }

    std::unique_ptr<ObjectStore> store_;
    std::size_t most_bytes_;
    std::deque<Object> wanted_;  // snapshots of one environment together
    std::string skipped_;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_documents(const Location& location, const Access& access,
                                                       DocumentNeeds needs) {
    using Opened = std::unique_ptr<DocumentReader>;
    std::error_code ignored;
    const bool is_file =
        location.kind == Location::Kind::path && !std::filesystem::is_directory(location.path, ignored);
    if (is_file) {
        auto source = open_file_source(location.path);
        if (!source) return source.error();
        return Opened(std::make_unique<BundleReader>(std::move(*source), needs.most_bytes));
    }
    if (location.kind == Location::Kind::http)
        return Opened(std::make_unique<BundleReader>(make_http_source(location, access), needs.most_bytes));
    auto made = make_object_store(location, access);
    if (!made) return made.error();
    return StoreReader::open(std::move(*made), std::move(needs));
}

}  // namespace fanion::store
