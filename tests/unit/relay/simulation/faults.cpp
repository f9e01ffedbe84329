#include "tests/unit/relay/simulation/faults.hpp"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <new>

namespace fanion::test {
namespace {

using Counts = std::array<std::atomic<std::uint64_t>, fault_count + 2>;  // and worlds, and their seconds

Counts own_counts;
Counts* present_counts = &own_counts;
Plant present_plant = Plant::none;

constexpr std::string_view fault_names[] = {
    "request lost",    "request sent twice", "answer lost",     "answer replayed",  "answer damaged",
    "answer refused",  "stream late",        "stream damaged",  "stream repeated",  "stream replayed",
    "stream cut",      "link down",          "disk full",       "disk failing",     "write torn",
    "killed",          "power cut",          "cache stale",     "signer restarted", "backup restored",
    "signer added",    "signers removed",    "revoked",         "forged",           "batch refused",
    "batch too large", "middle altered",     "middle replayed", "middle reordered", "middle withheld",
    "middle mixed"};
static_assert(std::size(fault_names) == fault_count);
static_assert(static_cast<unsigned>(Fault::middle_mixed) + 1 == fault_count);

}  // namespace

std::string_view name_of(Fault fault) noexcept { return fault_names[static_cast<unsigned>(fault)]; }

void share_fault_counts() {
    if (present_counts != &own_counts) return;
    constexpr int readable = PROT_READ | PROT_WRITE;
    void* const memory = ::mmap(nullptr, sizeof(Counts), readable, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    present_counts = new (memory) Counts{};
}

void count(Fault fault) noexcept { (*present_counts)[static_cast<unsigned>(fault)].fetch_add(1); }
std::uint64_t count_of(Fault fault) noexcept { return (*present_counts)[static_cast<unsigned>(fault)].load(); }

void count_world(std::uint64_t seconds) noexcept {
    (*present_counts)[fault_count].fetch_add(1);
    (*present_counts)[fault_count + 1].fetch_add(seconds);
}
std::uint64_t count_of_worlds() noexcept { return (*present_counts)[fault_count].load(); }
std::uint64_t seconds_of_worlds() noexcept { return (*present_counts)[fault_count + 1].load(); }

Plant planted() noexcept { return present_plant; }

Planted::Planted(Plant plant) noexcept { present_plant = plant; }
Planted::~Planted() { present_plant = Plant::none; }

}  // namespace fanion::test
