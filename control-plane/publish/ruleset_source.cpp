#include "control-plane/publish/ruleset_source.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace fanion::cp::publish {

using boost::asio::awaitable;
namespace asio = boost::asio;

namespace {

constexpr std::size_t overhead_per_document = 128;  // bytes: map and list nodes, the control block

}  // namespace

// The right to make one document, which others wait for meanwhile. Ends with the object.
class RulesetSource::Turn {
public:
    Turn(RulesetSource& source, std::string name) : source_(&source), name_(std::move(name)) {}
    Turn(Turn&& other) noexcept : source_(std::exchange(other.source_, nullptr)), name_(std::move(other.name_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
        if (!source_) return;
        const auto at = source_->in_flight_.find(name_);
        at->second->cancel();
        source_->in_flight_.erase(at);
    }

private:
    RulesetSource* source_;
    std::string name_;
};

awaitable<RulesetSource::Turn> RulesetSource::take_turn(std::string name) {
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        const auto at = in_flight_.find(name);
        if (at == in_flight_.end()) break;
        const auto timer = at->second;
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await timer->async_wait(token);
    }
    auto timer = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    in_flight_.emplace(name, std::move(timer));
    co_return Turn(*this, std::move(name));
}

SignedDocument RulesetSource::cached(const std::string& name, wire::Version version) {
    const auto* found = documents_.find(name);
    return found && found->version == version ? *found : SignedDocument{};
}

void RulesetSource::keep(const std::string& name, SignedDocument& document) {
    document.name = name;
    documents_.put(name, document, document.bytes->size() + name.size() + overhead_per_document);
}

std::string RulesetSource::name_of(const PublishedPtr& environment, std::string_view document) const {
    const auto& env_id = environment->place.env_id;
    const auto newest = deps_.catalog.find(env_id);
    const bool is_newest = !newest || newest->version() == environment->version();
    return env_id.str() + std::string(is_newest ? "|" : "|released|").append(document);
}

awaitable<SignedDocument> RulesetSource::full(PublishedPtr environment) {
    if (!environment) co_return SignedDocument{};
    const auto name = name_of(environment, "full");
    const auto turn = co_await take_turn(name);
    if (auto found = cached(name, environment->version())) co_return found;
    auto document = co_await deps_.full.make(environment);
    if (document) keep(name, document);
    co_return document;
}

awaitable<SignedDocument> RulesetSource::delta(PublishedPtr environment, wire::Version base) {
    if (!environment) co_return SignedDocument{};
    const auto name = name_of(environment, wire::to_string(base));
    const auto turn = co_await take_turn(name);
    const auto version = environment->version();
    const bool reaches = base.epoch == version.epoch && base.number > 0 && base.number < version.number &&
                         version.number - base.number <= longest_history;
    if (!reaches) co_return SignedDocument{};
    if (auto found = cached(name, version)) co_return found;
    auto document = co_await deps_.delta.make(environment, base);
    if (document) keep(name, document);
    co_return document;
}

awaitable<net::SharedBytes> RulesetSource::encoded(SignedDocument document, Encoding encoding) {
    if (encoding == Encoding::identity) co_return document.bytes;
    const auto key = document.name + "|" + std::string(fanion::name_of(encoding));
    const auto turn = co_await take_turn(key);
    const auto* found = documents_.find(key);
    if (found && found->version == document.version) co_return found->bytes;
    auto work = [encoding, bytes = document.bytes] { return compress(encoding, *bytes); };
    auto compressed = co_await deps_.blocking.compute(std::move(work));
    SignedDocument result{document.version, std::make_shared<const std::string>(std::move(compressed)), {}};
    keep(key, result);
    co_return result.bytes;
}

}  // namespace fanion::cp::publish
