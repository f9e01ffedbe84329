#pragma once

// A version of an environment as a signed document: whole, or as a delta from an older version,
// plain or compressed. Documents are made once, kept in a bounded cache and shared by all who ask.
// One thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <string>

#include "common/base/compression.hpp"
#include "common/base/lru_cache.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/delta_signer.hpp"
#include "control-plane/publish/full_rulesets.hpp"
#include "control-plane/publish/signed_document.hpp"

namespace fanion::cp::publish {

class RulesetSource {
public:
    static constexpr std::size_t most_bytes = 256u * 1024 * 1024;  // of up to four threads together
    static constexpr std::size_t least_bytes = 64u * 1024 * 1024;  // for a ruleset of 32 MiB and its compressed forms

    struct Deps {
        const Catalog& catalog;
        FullRulesets& full;
        DeltaSigner& delta;
        net::BlockingPool& blocking;
    };
    // `cache_bytes`: the documents' bytes, with some overhead for each.
    explicit RulesetSource(Deps deps, std::size_t cache_bytes = most_bytes) : deps_(deps), documents_(cache_bytes) {}

    // Exactly this version, which the catalog shows whoever asks. None when it is not kept, or
    // null. Throws PgError.
    boost::asio::awaitable<SignedDocument> full(PublishedPtr environment);
    // From `base` to it. None when the history does not reach back that far, or the whole is not
    // larger.
    boost::asio::awaitable<SignedDocument> delta(PublishedPtr environment, wire::Version base);
    // The bytes of a document of this source under another content coding.
    boost::asio::awaitable<net::SharedBytes> encoded(SignedDocument document, Encoding encoding);

private:
    class Turn;
    boost::asio::awaitable<Turn> take_turn(std::string name);
    // Of the documents of one environment: what is held and what is released do not displace each
    // other.
    std::string name_of(const PublishedPtr& environment, std::string_view document) const;
    SignedDocument cached(const std::string& name, wire::Version version);
    void keep(const std::string& name, SignedDocument& document);  // and gives it the name

    Deps deps_;
    LruCache<SignedDocument> documents_;
    // What is being made now, by name; whoever needs the same waits on the timer.
    std::map<std::string, std::shared_ptr<boost::asio::steady_timer>> in_flight_;
};

}  // namespace fanion::cp::publish
