#include "relay/rulesets/documents.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "common/wire/sse_format.hpp"

namespace fanion::relay::rulesets {
namespace asio = boost::asio;
namespace {

constexpr std::size_t small_bytes = 32 * 1024;

std::string name_of(std::string_view env_id, View view, Form form) {
    std::string name(env_id);
    name += ':';
    name += std::to_string(static_cast<unsigned>(view));
    name += std::to_string(static_cast<unsigned>(form));
    return name;
}

std::string in_form(Form form, wire::StreamEvent event, std::string_view env_id, wire::Version version,
                    std::string document) {
    switch (form) {
        case Form::document:
            break;
        case Form::gzip:
            return compress(Encoding::gzip, document);
        case Form::zstd:
            return compress(Encoding::zstd, document);
        case Form::event:
            return wire::format_event(event, env_id, version, document);
    }
    return document;
}

}  // namespace

asio::awaitable<net::SharedBytes> Documents::whole(cache::EnvironmentStatePtr state, View view, Form form) {
    const auto& s = *state;
    const std::size_t bytes = s.full_head.size() + s.items->bytes();
    auto make = [state, view, form] {
        return in_form(form, wire::StreamEvent::put, state->env_id, state->version, full_document(*state, view));
    };
    return get({wholes_, name_of(s.env_id, view, form), s.version, bytes <= small_bytes, std::move(make)});
}

asio::awaitable<net::SharedBytes> Documents::step(std::string env_id, std::shared_ptr<const cache::RulesetStep> step,
                                                  View view, Form form) {
    const auto name = name_of(env_id, view, form) + ':' + wire::to_string(step->version);
    const bool is_small = step->bytes <= small_bytes;
    auto make = [env_id = std::move(env_id), step, view, form] {
        return in_form(form, wire::StreamEvent::patch, env_id, step->version, step_document(*step, view));
    };
    return get({steps_, name, step->version, is_small, std::move(make)});
}

std::uint64_t Documents::made() const {
    std::lock_guard lock(mutex_);
    return made_;
}

net::SharedBytes Documents::find(const Wanted& wanted) {
    const auto* made = wanted.cache.find(wanted.name);
    return made && made->version == wanted.version ? made->bytes : nullptr;
}

asio::awaitable<net::SharedBytes> Documents::get(Wanted wanted) {
    std::shared_ptr<Making> making;
    bool is_first = false;
    const auto in_flight = wanted.name + ' ' + wire::to_string(wanted.version);
    {
        std::lock_guard lock(mutex_);
        if (auto bytes = find(wanted)) co_return bytes;
        auto& entry = in_flight_[in_flight];
        is_first = !entry;
        if (is_first) entry = std::make_shared<Making>();
        making = entry;
    }
    if (is_first && wanted.is_small) {
        finish(wanted, making);
    } else if (is_first) {
        // Detached: others wait for it too, whatever becomes of this caller.
        const std::function<void()> work = [this, wanted = std::move(wanted), making] { finish(wanted, making); };
        const auto executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, pool_.run(work), asio::detached);
    }
    co_await wait_for(making);
    std::lock_guard lock(mutex_);
    co_return making->bytes;
}

void Documents::finish(const Wanted& wanted, const std::shared_ptr<Making>& making) {
    net::SharedBytes bytes;
    try {
        bytes = std::make_shared<const std::string>(wanted.make());
        std::lock_guard lock(mutex_);
        ++made_;
        const auto* kept = wanted.cache.find(wanted.name);
        const bool is_newest = !kept || kept->version < wanted.version;
        if (is_newest) wanted.cache.put(wanted.name, {wanted.version, bytes}, bytes->size());
    } catch (const std::exception&) {  // no memory, also of a compressor: without bytes the subscribers' streams end
    }
    std::vector<std::function<void()>> waiting;
    {
        std::lock_guard lock(mutex_);
        making->is_done = true;
        making->bytes = bytes;
        waiting.swap(making->waiting);
        std::erase_if(in_flight_, [&](const auto& entry) { return entry.second == making; });
    }
    for (const auto& wake : waiting) wake();
}

asio::awaitable<void> Documents::wait_for(std::shared_ptr<Making> making) {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    {
        std::lock_guard lock(mutex_);
        if (making->is_done) co_return;
        making->waiting.push_back([executor, timer] { asio::post(executor, [timer] { timer->cancel(); }); });
    }
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer->async_wait(token);
}

}  // namespace fanion::relay::rulesets
