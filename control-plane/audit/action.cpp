#include "control-plane/audit/action.hpp"

#include <array>
#include <cstddef>

namespace fanion::cp::audit {
namespace {

// In the order of the enumerators.
constexpr std::array action_names = {
    std::string_view("org.created"),         std::string_view("project.created"),
    std::string_view("environment.created"), std::string_view("flag.created"),
    std::string_view("flag.updated"),        std::string_view("flag.configured"),
    std::string_view("flag.deleted"),        std::string_view("segment.created"),
    std::string_view("segment.updated"),     std::string_view("segment.configured"),
    std::string_view("segment.deleted"),     std::string_view("key.created"),
    std::string_view("key.revoked"),         std::string_view("member.invited"),
    std::string_view("member.joined"),       std::string_view("member.updated"),
    std::string_view("member.removed"),      std::string_view("invitation.withdrawn"),
    std::string_view("role.created"),        std::string_view("role.updated"),
    std::string_view("role.deleted"),        std::string_view("assignment.created"),
    std::string_view("assignment.updated"),  std::string_view("assignment.deleted"),
    std::string_view("session.started"),     std::string_view("session.ended"),
    std::string_view("session.revoked"),     std::string_view("password.reset"),
    std::string_view("session.denied"),      std::string_view("request.refused"),
};
static_assert(action_names.size() == static_cast<std::size_t>(Action::request_refused) + 1);

}  // namespace

std::string_view name_of(Action action) noexcept { return action_names[static_cast<std::size_t>(action)]; }

}  // namespace fanion::cp::audit
