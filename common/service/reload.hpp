#pragma once

// Reloading a running service's configuration at SIGHUP. One thread, which must be the executor's.
//
// Files are read on the blocking pool. A configuration with a mistake changes nothing: every
// mistake is logged, and what is in force stays in force as a whole.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <csignal>
#include <exception>
#include <functional>
#include <utility>

#include "common/base/error.hpp"
#include "common/config/reload.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/signals.hpp"

namespace fanion::service {

template <class Config>
class ConfigReload {
public:
    using Parsed = config::Parsed<Config>;
    // Parses the arguments, the environment and all files again. Called on the blocking pool; may
    // throw.
    using Load = std::function<Parsed()>;
    // All options, bound to the configuration given.
    using Describe = config::Options (*)(Config& config);
    // Puts the configuration in force. Error: nothing of it was applied; the message names the
    // option.
    using Apply = std::function<boost::asio::awaitable<Result<>>(Config config)>;

    struct Source {
        Load load;
        Describe describe;
    };

    // From here on SIGHUP is caught, and one that comes before run() is handled by it. `in_force`
    // is what the process started with.
    ConfigReload(const boost::asio::any_io_executor& executor, Source source, config::Reload in_force,
                 net::BlockingPool& pool, const Log& log)
        : source_(std::move(source)),
          in_force_(std::move(in_force)),
          pool_(pool),
          log_(log),
          hangups_(executor, {SIGHUP}) {}

    // Reloads at each SIGHUP, one after the other, until cancelled.
    boost::asio::awaitable<void> run(Apply apply) {
        for (int signal = co_await hangups_.next(); signal != 0; signal = co_await hangups_.next()) {
            try {
                co_await reload(apply);
            } catch (const boost::system::system_error& error) {
                if (error.code() == boost::asio::error::operation_aborted) throw;
                config::log_refused({error.what()}, log_);
            } catch (const std::exception& error) {  // a file that cannot even be examined
                config::log_refused({error.what()}, log_);
            }
        }
    }

private:
    boost::asio::awaitable<void> reload(const Apply& apply) {
        auto loading = pool_.compute(source_.load);
        auto parsed = co_await std::move(loading);
        if (parsed.errors.empty()) {
            auto applying = apply(parsed.config);
            const auto applied = co_await std::move(applying);
            if (!applied) parsed.fail(describe(applied.error()));
        }
        if (!parsed.errors.empty()) {
            config::log_refused(parsed.errors, log_);
            co_return;
        }
        const auto options = source_.describe(parsed.config);
        in_force_.applied(options, parsed.given, parsed.config.log_level, log_);
    }

    Source source_;
    config::Reload in_force_;
    net::BlockingPool& pool_;
    const Log& log_;
    net::SignalWatch hangups_;
};

}  // namespace fanion::service
