#pragma once

// Core dumps contain keys.

namespace fanion {

// From now on this process leaves no core dump, and other processes of its user cannot read its
// memory. The programs that it starts leave no core files either. False: it could not be done.
bool forbid_core_dumps() noexcept;

}  // namespace fanion
