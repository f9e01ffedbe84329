#include "control-plane/items/use_store.hpp"

#include <utility>

#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::items {
namespace {

using boost::asio::awaitable;

constexpr std::size_t batch = 200;  // configurations that are read at once: they may be large

model::FlagConfig parse_flag_config(std::string_view text) {
    return body::read_stored(text,
                             [](json::Reader& r) { return model::read_flag_config(r, json::UnknownFields::ignore); });
}

model::Segment parse_segment_members(std::string_view text) {
    return body::read_stored(text,
                             [](json::Reader& r) { return model::read_segment_body(r, json::UnknownFields::ignore); });
}

// False once there are more than may be answered.
bool add_places(FoundUses& found, const Use& user, std::vector<PlaceOfUse> places) {
    for (auto& place : places) {
        if (found.uses.size() == max_uses) found.has_more = true;
        if (found.has_more) return false;
        found.uses.push_back(user);
        found.uses.back().place = std::move(place);
    }
    return true;
}

// Where the next batch begins: behind this key and environment.
struct After {
    std::string key;
    std::string position;
};

}  // namespace

// $3 and $4 are texts that a configuration that is to be looked at contains: it is our own compact JSON, so a quote that
// is part of a string is escaped.
constexpr db::Statement flag_configs_with_sql{
    "flag_configs_with",
    "SELECT f.key, f.archived_at IS NOT NULL, e.key, c.config, lpad(e.position::text, 10, '0') || e.key "
    "FROM flag_configs c JOIN flags f USING (flag_id) JOIN environments e USING (env_id) "
    "WHERE f.project_id = $1 AND f.deleted_at IS NULL AND ($2 = '' OR e.key = $2) "
    "AND strpos(c.config, $3) > 0 AND strpos(c.config, $4) > 0 "
    "AND (f.key COLLATE \"C\", (lpad(e.position::text, 10, '0') || e.key) COLLATE \"C\") > ($5, $6) "
    "ORDER BY f.key COLLATE \"C\", (lpad(e.position::text, 10, '0') || e.key) COLLATE \"C\" LIMIT $7"};

constexpr db::Statement segment_configs_with_sql{
    "segment_configs_with",
    "SELECT s.key, s.archived_at IS NOT NULL, e.key, c.members, lpad(e.position::text, 10, '0') || e.key "
    "FROM segment_configs c JOIN segments s USING (segment_id) JOIN environments e USING (env_id) "
    "WHERE s.project_id = $1 AND s.deleted_at IS NULL AND ($2 = '' OR e.key = $2) "
    "AND strpos(c.members, $3) > 0 AND strpos(c.members, $4) > 0 "
    "AND (s.key COLLATE \"C\", (lpad(e.position::text, 10, '0') || e.key) COLLATE \"C\") > ($5, $6) "
    "ORDER BY s.key COLLATE \"C\", (lpad(e.position::text, 10, '0') || e.key) COLLATE \"C\" LIMIT $7"};

namespace {

// Which configurations to look at.
struct Search {
    access::ProjectId project_id;
    std::string environment;
    std::string contains;
    std::string contains_too;
};

// Calls `places_in` with each configuration's text.
template <class PlacesIn>
awaitable<void> search(db::Transaction& tx, const db::Statement& sql, const Search& wanted, const std::string& kind,
                       const PlacesIn& places_in, FoundUses& found) {
    After after;
    for (bool is_last = found.has_more; !is_last;) {
        const auto rows = co_await tx.run(sql, wanted.project_id, wanted.environment, wanted.contains,
                                          wanted.contains_too, after.key, after.position, batch);
        is_last = rows.size() < batch;
        for (const auto row : rows) {
            const Use user{kind, row.string(0), row.boolean(1), row.string(2), {}};
            if (!add_places(found, user, places_in(row.text(3)))) is_last = true;
            after = {row.string(0), row.string(4)};
        }
    }
}

}  // namespace

awaitable<FoundUses> find_flag_uses(db::Transaction& tx, access::ProjectId project_id, std::string flag,
                                    std::string variation, std::string environment) {
    FoundUses found;
    const Search wanted{project_id, environment, "\"flag\":\"" + flag + '"', ""};
    const auto places_in = [&](std::string_view text) {
        return prerequisites_with(parse_flag_config(text), flag, variation);
    };
    co_await search(tx, flag_configs_with_sql, wanted, "flag", places_in, found);
    co_return found;
}

awaitable<FoundUses> find_segment_uses(db::Transaction& tx, access::ProjectId project_id, std::string segment,
                                       std::string environment) {
    FoundUses found;
    const Search wanted{project_id, environment, "in_segment\"", '"' + segment + '"'};
    const auto in_flag = [&](std::string_view text) { return rules_with(parse_flag_config(text), segment); };
    co_await search(tx, flag_configs_with_sql, wanted, "flag", in_flag, found);
    const auto in_segment = [&](std::string_view text) { return rules_with(parse_segment_members(text), segment); };
    co_await search(tx, segment_configs_with_sql, wanted, "segment", in_segment, found);
    co_return found;
}

}  // namespace fanion::cp::items
