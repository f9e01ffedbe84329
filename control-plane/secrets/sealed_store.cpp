#include "control-plane/secrets/sealed_store.hpp"

namespace fanion::cp::secrets {

using boost::asio::awaitable;

constexpr db::Statement count_sealed_sql{"count_sealed", "SELECT kind, head, how_many FROM count_sealed()"};

awaitable<std::vector<SealedCount>> count_sealed(db::Transaction& tx) {
    const auto rows = co_await tx.run(count_sealed_sql);
    std::vector<SealedCount> found;
    for (const auto row : rows) found.push_back({row.string(0), row.bytes(1), row.u64(2)});
    co_return found;
}

constexpr db::Statement find_sealed_sql{"find_sealed",
                                        "SELECT org_id, id, sealed FROM find_sealed($1, $2, $3, $4, $5)"};

awaitable<std::vector<SealedValue>> find_sealed(db::Transaction& tx, std::string kind, std::string head, SealedId after,
                                                int at_most) {
    const auto rows = co_await tx.run(find_sealed_sql, kind, db::Bytes{head}, after.org_id, after.id, at_most);
    std::vector<SealedValue> found;
    for (const auto row : rows) found.push_back({{row.string(0), row.string(1)}, row.bytes(2)});
    co_return found;
}

constexpr db::Statement replace_sealed_sql{"replace_sealed", "SELECT replace_sealed($1, $2, $3, $4, $5)"};

awaitable<bool> replace_sealed(db::Transaction& tx, std::string kind, SealedValue old, std::string sealed) {
    const auto rows =
        co_await tx.run(replace_sealed_sql, kind, old.of.org_id, old.of.id, db::Bytes{old.sealed}, db::Bytes{sealed});
    co_return rows[0].boolean(0);
}

}  // namespace fanion::cp::secrets
