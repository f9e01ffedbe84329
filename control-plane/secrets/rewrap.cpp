#include "control-plane/secrets/rewrap.hpp"

#include <algorithm>
#include <utility>

namespace fanion::cp::secrets {

using boost::asio::awaitable;

namespace {

Unopened unopened(const SealedKind& kind, const SealedValue& value, const Error& error) {
    return {kind.table, kind.column, value.of, sealing_key_id(value.sealed), error.detail};
}

awaitable<void> rewrap_one(db::Transaction& tx, const SealingKeys& keys, SealedValue value, Rewrapped& done) {
    const auto& kind = *done.kind;
    const auto place = kind.place(value.of);
    const auto secret = keys.open(value.sealed, place);
    if (!secret) {
        if (++done.not_opened <= named_unopened) done.unopened.push_back(unopened(kind, value, secret.error()));
        co_return;
    }
    auto sealed = keys.seal(*secret, place).value();
    std::string name(kind.name);
    const bool is_replaced = co_await replace_sealed(tx, std::move(name), std::move(value), std::move(sealed));
    ++(is_replaced ? done.count : done.missed);
}

}  // namespace

awaitable<std::vector<KindCount>> count_by_key(db::Pool& pool, const SealingKeys& keys) {
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope), db::Mode::snapshot);
    const auto counts = co_await count_sealed(tx);
    std::vector<KindCount> found;
    for (const auto& kind : sealed_kinds()) found.push_back({&kind});
    for (const auto& each : counts) {
        const auto at = std::ranges::find(found, each.kind, [](const KindCount& one) { return one.kind->name; });
        if (at == found.end()) continue;
        const auto under = under_key(*at->kind, each.head, keys);
        auto& count = under == UnderKey::current ? at->current : under == UnderKey::older ? at->older : at->unknown;
        count += each.count;
    }
    co_return found;
}

std::string describe(const Unopened& value) {
    auto text = std::string(value.table) + '.' + std::string(value.column) + " of " + value.of.id;
    if (!value.of.org_id.empty()) text += " in organisation " + value.of.org_id;
    return text + ": " + value.reason;
}

awaitable<Rewrapped> rewrap(db::Pool& pool, const SealingKeys& keys, const SealedKind& kind,
                            const std::function<void(const Rewrapped&)>& note) {
    Rewrapped done{&kind};
    const auto head = keys.head(kind.has_tenant);
    SealedId after;
    for (bool is_more = true; is_more;) {
        auto scope = db::Scope::none();
        auto tx = co_await pool.begin(std::move(scope));
        std::string name(kind.name);
        auto values = co_await find_sealed(tx, std::move(name), head, after, rewrap_batch);
        is_more = values.size() == static_cast<std::size_t>(rewrap_batch);
        if (!values.empty()) after = values.back().of;
        for (auto& value : values) co_await rewrap_one(tx, keys, std::move(value), done);
        co_await tx.commit();
        if (!values.empty()) note(done);
    }
    co_return done;
}

}  // namespace fanion::cp::secrets
