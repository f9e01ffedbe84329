// Planted faults in the places where one library of the program calls another: the linker has these functions called
// instead (--wrap, CMakeLists.txt), which call the program's own, except where the plant says otherwise.

#include <utility>

#include "common/wire/acceptance.hpp"
#include "relay/chain/passed_batches.hpp"
#include "tests/unit/relay/simulation/faults.hpp"

using namespace fanion;
using relay::chain::PassedBatch;
using relay::chain::PassedBatches;
using relay::chain::Stored;
using relay::spool::Content;
using relay::spool::Spool;
using test::Plant;
using test::planted;
using Acceptance = std::variant<wire::Accepted, wire::Rejection>;

Acceptance program_accept(std::string_view bytes, const wire::TrustDocument& trust,
                          const wire::Expected& expected) asm("__real_" FANION_ACCEPT_RULESET);
Acceptance planted_accept(std::string_view bytes, const wire::TrustDocument& trust,
                          const wire::Expected& expected) asm("__wrap_" FANION_ACCEPT_RULESET);
Stored program_store(PassedBatches* self, PassedBatch batch) asm("__real_" FANION_STORE);
Stored planted_store(PassedBatches* self, PassedBatch batch) asm("__wrap_" FANION_STORE);
void program_append(Spool* self, std::string id, const Content& content, std::string body) asm("__real_" FANION_APPEND);
void planted_append(Spool* self, std::string id, const Content& content, std::string body) asm("__wrap_" FANION_APPEND);

Acceptance planted_accept(std::string_view bytes, const wire::TrustDocument& trust, const wire::Expected& expected) {
    auto other = expected;
    if (planted() == Plant::floor_ignored) other.floor.reset();
    if (planted() == Plant::environment_not_checked) other.env_id = {};
    auto result = program_accept(bytes, trust, other);
    auto* const accepted = std::get_if<wire::Accepted>(&result);
    if (!accepted) return result;
    auto& manifest = accepted->manifest;
    if (planted() == Plant::environment_not_checked) manifest.env_id = expected.env_id;
    if (planted() == Plant::version_refused && manifest.version.number % 4 == 0)
        return wire::Rejection{wire::Nack::invalid, "planted"};
    if (planted() == Plant::delta_incomplete && manifest.type == wire::ManifestType::delta)
        accepted->items.erase("flag/f0");
    return result;
}

Stored planted_store(PassedBatches* self, PassedBatch batch) {
    static std::uint64_t calls = 0;
    if (planted() == Plant::acknowledged_unspooled && ++calls % 2 == 0) return Stored::now;
    if (planted() == Plant::passed_renamed) {
        const auto id = batch.id + std::to_string(++calls);
        const auto at = batch.body.find(batch.id);
        batch.body.replace(at, batch.id.size(), id);
        batch.id = id;
    }
    return program_store(self, std::move(batch));
}

void planted_append(Spool* self, std::string id, const Content& content, std::string body) {
    static std::uint64_t calls = 0;
    if (planted() == Plant::batch_forgotten && ++calls % 3 == 0) return;
    program_append(self, std::move(id), content, std::move(body));
}
