#pragma once

// Whether client keys that may have rules get those of a flag that is marked `client`
// (rules_for_clients() in compile/reach.hpp). Pure.

#include <string_view>

#include "common/eval/check/catalog.hpp"
#include "common/eval/check/report.hpp"

namespace fanion::eval::checks {

// Reports each prerequisite and segment for which the flag is withheld. Nothing is reported where
// no client key may have rules.
void check_client_rules(const model::Flag& flag, Catalog& catalog, Report& report);

// Reports the flags that these client keys lose because `item`, which they had `before`, is
// withheld from them `after` a change, with what refers to it.
void check_client_loss(std::string_view item, Catalog& before, Catalog& after, Report& report);

}  // namespace fanion::eval::checks
