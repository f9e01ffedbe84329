#pragma once

// The body that an event is sent with. Pure.
//
// generic: {"type","timestamp","data":{"id","seq","org","project","environment","resource","actor",
// "comment","before","after","patch","published"}}, as Standard Webhooks recommends; `project`,
// `environment`, `patch` and `published` only where there are any. slack: {"text"}. teams: a
// message with an Adaptive Card, for the workflow "When a Teams webhook request is received".

#include <optional>
#include <string>
#include <string_view>

#include "control-plane/webhooks/event.hpp"

namespace fanion::cp::webhooks {

enum class Template { generic, slack, teams };
std::string_view name_of(Template name) noexcept;
std::optional<Template> parse_template(std::string_view name) noexcept;

// States together larger than this are left out of the generic form, which then has
// "states_omitted": true. The audit log has them.
inline constexpr std::size_t message_state_bytes = 128 * 1024;

std::string message_body(Template form, const Event& event);

}  // namespace fanion::cp::webhooks
