#pragma once

#include "control-plane/db/transaction.hpp"

namespace fanion::test {

inline const cp::db::Scope no_scope = cp::db::Scope::none();

}  // namespace fanion::test
