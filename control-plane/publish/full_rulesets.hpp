#pragma once

// Whole rulesets as signed documents, from the image in memory or else from the database. One
// thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/log.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/signed_document.hpp"

namespace fanion::cp::publish {

inline constexpr std::uint64_t longest_history = 1'000;  // versions that a delta may span, and that one read may find

class FullRulesets {
public:
    struct Deps {
        db::Pool& pool;
        ImageCache& images;
        Metrics& metrics;
        const Log& log;
    };
    explicit FullRulesets(Deps deps) : deps_(deps) {}

    // The ruleset at exactly `environment`'s version. None when that is not kept, and, with a line
    // in the log, when the stored content is not what was signed. Throws PgError.
    boost::asio::awaitable<SignedDocument> make(PublishedPtr environment);

private:
    boost::asio::awaitable<SignedDocument> load(PublishedPtr environment);

    Deps deps_;
};

}  // namespace fanion::cp::publish
