#include "control-plane/attributes/attribute_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case attribute_table[] = {
    {"list_attributes", true,
     [](Tx& tx, const Theirs& t) -> Found {
         attributes::AttributePage page{"", "", 10};
         const auto listed = co_await attributes::list_attributes(tx, t.env.env_id, std::move(page));
         co_return !listed.empty();
     }},
    {"record_attributes", false,
     [](Tx& tx, const Theirs& t) -> Found {
         std::vector<wire::SeenAttribute> seen{
             {t.env.env_id.str(), "planted", wire::AttributeType::number, false, now}};
         co_await attributes::record_attributes(tx, t.org, std::move(seen), now);
         co_return false;
     }},
};

}  // namespace

std::span<const Case> attribute_cases() noexcept { return attribute_table; }

}  // namespace fanion::crossing
