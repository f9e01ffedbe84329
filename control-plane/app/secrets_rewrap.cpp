#include "control-plane/app/secrets_rewrap.hpp"

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "common/base/crypto.hpp"
#include "control-plane/secrets/rewrap.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;

namespace {

using secrets::KindCount;
using secrets::Rewrapped;

void log_unopened(const Rewrapped& done, const Log& log) {
    for (const auto& value : done.unopened) {
        log.error("secret_not_opened", {{"table", value.table},
                                        {"column", value.column},
                                        {"org_id", value.of.org_id},
                                        {"id", value.of.id},
                                        {"key", value.key_id},
                                        {"detail", value.reason}});
    }
}

awaitable<Rewrapped> rewrap_kind(db::Pool& pool, const SealingKeys& keys, KindCount before, const Log& log) {
    const auto& kind = *before.kind;
    const std::function<void(const Rewrapped&)> note = [&](const Rewrapped& done) {
        log.info("secrets_rewrapped", {{"kind", kind.name},
                                       {"rewrapped", done.count},
                                       {"not_opened", done.not_opened},
                                       {"of", before.older + before.unknown}});
    };
    auto done = co_await secrets::rewrap(pool, keys, kind, note);
    log_unopened(done, log);
    co_return done;
}

void print(std::ostream& out, const KindCount& now, const Rewrapped& done) {
    out << now.kind->name << ": " << done.count << " rewrapped, " << now.current << " under the first key, "
        << now.older << " under another, " << now.unknown << " under a key that is not here\n";
    for (const auto& value : done.unopened) out << "  not opened: " << describe(value) << '\n';
    if (done.not_opened > done.unopened.size())
        out << "  not opened: " << done.not_opened - done.unopened.size() << " more\n";
}

}  // namespace

awaitable<bool> rewrap_secrets(db::Pool& pool, const SealingKeys& keys, bool only_check, std::ostream& out,
                               const Log& log) {
    std::vector<Rewrapped> done;
    const auto before = co_await secrets::count_by_key(pool, keys);
    for (const auto& each : before) {
        if (only_check) {
            done.push_back(Rewrapped{each.kind});
            continue;
        }
        auto rewrapped = co_await rewrap_kind(pool, keys, each, log);
        done.push_back(std::move(rewrapped));
    }
    const auto after = co_await secrets::count_by_key(pool, keys);
    std::uint64_t left = 0;
    out << "the first key is " << to_hex(keys.ids().front()) << '\n';
    for (std::size_t i = 0; i < after.size(); ++i) {
        print(out, after[i], done[i]);
        left += after[i].older + after[i].unknown;
    }
    out << (left == 0 ? "everything is sealed with the first key\n"
                      : std::to_string(left) + " values are not sealed with the first key\n");
    co_return left == 0;
}

}  // namespace fanion::cp::app
