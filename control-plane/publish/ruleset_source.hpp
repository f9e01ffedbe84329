#pragma once

// The newest version of an environment as a signed document: whole, or as a delta from an older version, plain or compressed.
// Documents are made once, kept in a bounded cache and shared by all who ask. One thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/compression.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/sse_stream.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/environment_image.hpp"
#include "control-plane/publish/lru_cache.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

struct Document {
    wire::Version version;   // that it leads to
    net::SharedBytes bytes;  // null: there is none
    explicit operator bool() const noexcept { return bytes != nullptr; }
};

inline constexpr std::uint64_t longest_history = 1'000;  // versions that a delta may span

class RulesetSource {
public:
    struct Stores {
        db::Pool& pool;
        const Catalog& catalog;
        ImageCache& images;
    };
    struct Tools {
        const Signer& signer;
        net::BlockingPool& blocking;
        const Clock& clock;
        const Log& log;
    };

    RulesetSource(Stores stores, Tools tools, Metrics& metrics, std::size_t cache_bytes = 256u * 1024 * 1024)
        : stores_(stores), tools_(tools), metrics_(metrics), documents_(cache_bytes) {}

    // At least the catalog's version. None when the catalog does not know the environment. Throws PgError.
    boost::asio::awaitable<Document> full(access::EnvironmentId env_id);
    // From `base` to the catalog's version. None when the history does not reach back so far, or a full one is not larger.
    boost::asio::awaitable<Document> delta(access::EnvironmentId env_id, wire::Version base);
    // `document`'s bytes under another content coding; `name` tells it from others of the same environment and version.
    boost::asio::awaitable<net::SharedBytes> encoded(Document document, std::string name, Encoding encoding);

private:
    class Turn;
    boost::asio::awaitable<Turn> take_turn(std::string name);
    Document cached(const std::string& name, wire::Version version);
    void keep(const std::string& name, const Document& document);
    boost::asio::awaitable<Document> load_full(PublishedPtr environment);
    boost::asio::awaitable<Document> make_delta(PublishedPtr environment, wire::Version base);

    Stores stores_;
    Tools tools_;
    Metrics& metrics_;
    LruCache<Document> documents_;
    std::map<std::string, std::shared_ptr<boost::asio::steady_timer>>
        in_flight_;  // what is being made; others wait for it
};

}  // namespace fanion::cp::publish
