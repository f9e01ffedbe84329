#pragma once

// The signed documents at a location, one after another: trust documents first and in order, then
// snapshots (common/wire/bundle.hpp). Nothing is verified here. At most one document is in memory,
// however many there are. Blocking; one thread at a time.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "common/store/access.hpp"
#include "common/store/location.hpp"
#include "common/wire/have.hpp"

namespace fanion::store {

// What the reader of documents has already. Documents that are in one file come all the same.
struct DocumentNeeds {
    std::uint64_t trust_after = 0;                 // no trust documents up to this version
    wire::Have held = {};                          // no snapshots up to these versions
    std::set<std::string, std::less<>> only = {};  // ids of environments; empty: all
    std::size_t most_bytes = 41u * 1024 * 1024;    // of one document
};

class DocumentReader {
public:
    virtual ~DocumentReader() = default;

    // The next document; nullopt: that was all. After an error there is nothing more. Errors: those
    // of ObjectStore, and invalid_input (not a bundle).
    virtual Result<std::optional<std::string>> next() = 0;
    // Of an environment, the newest snapshot comes first. It was good: no older one is needed.
    virtual void skip_older(std::string_view env_id) = 0;
};

// Errors: those of next().
Result<std::unique_ptr<DocumentReader>> open_documents(const Location& location, const Access& access,
                                                       DocumentNeeds needs);

}  // namespace fanion::store
