#include "control-plane/sinks/outbox_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

const Case sink_table[] = {
    {"add_to_outbox", false,
     [](Tx& tx, const Theirs& t) -> Found {
         const std::vector<std::string> names{"files"};
         const sinks::SentBatch batch{"planted", Encoding::identity, 2, "{}"};
         std::vector<const sinks::SentBatch*> batches{&batch};
         co_await sinks::add_to_outbox(tx, names, t.org, std::move(batches));
         co_return false;
     }},
};

}  // namespace

std::span<const Case> sink_cases() noexcept { return sink_table; }

}  // namespace fanion::crossing
