#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "control-plane/identity/admissions.hpp"

using namespace fanion::cp;
using identity::Admission;
using identity::Admissions;
using identity::cost_of;

namespace {

// A member with a role in `places` environments.
Admission admission_of(std::size_t places) {
    std::vector<access::Assignment> roles;
    for (std::size_t i = 0; i < places; ++i)
        roles.push_back({"project-" + std::to_string(i), "production", access::built_in(access::Role::developer)});
    Admission admission;
    admission.credential.id = "s_1";
    admission.state = "1";
    admission.org.emplace();
    admission.org->grants = access::Grants(access::built_in(access::Role::viewer), std::move(roles));
    return admission;
}

}  // namespace

TEST_CASE("an admission costs what its roles take") {
    const auto without = cost_of(admission_of(0));
    CHECK(without >= sizeof(Admission));
    CHECK(cost_of(admission_of(1000)) >= without + 1000 * sizeof(access::Assignment));
    // A thousand such members would not be remembered at once.
    CHECK(1000 * cost_of(admission_of(1000)) > Admissions::most_bytes);
    // Ten thousand members as most are would.
    CHECK(10'000 * cost_of(admission_of(3)) <= Admissions::most_bytes);
}

TEST_CASE("an admission costs its texts") {
    auto admission = admission_of(0);
    const auto before = cost_of(admission);
    admission.principal.name = std::string(1000, 'n');
    admission.org->name = std::string(2000, 'o');
    CHECK(cost_of(admission) >= before + 3000);
    admission.org.reset();
    CHECK(cost_of(admission) < before + 2000);
}
