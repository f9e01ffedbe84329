#pragma once

// Makes and signs deltas from older versions, on demand: the database has what each version
// changed. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/signed_document.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

class DeltaSigner {
public:
    struct Deps {
        db::Pool& pool;
        const Signer& signer;
        const Clock& clock;
        Metrics& metrics;
        net::BlockingPool& blocking;
    };
    explicit DeltaSigner(Deps deps) : deps_(deps) {}

    // From `base` to `environment`'s version, of the same epoch. None when `base` was purged, when
    // the delta would not be smaller than the whole ruleset, or when it cannot be signed now.
    // Throws PgError.
    boost::asio::awaitable<SignedDocument> make(PublishedPtr environment, wire::Version base);

private:
    Deps deps_;
};

}  // namespace fanion::cp::publish
