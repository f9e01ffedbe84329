#pragma once

// The identifiers of the control plane's rows, opaque: they are only compared, stored and passed
// on.

#include "common/base/strong_id.hpp"

namespace fanion::cp::access {

using OrgId = StrongId<struct OrgIdTag>;
using ProjectId = StrongId<struct ProjectIdTag>;
using EnvironmentId = StrongId<struct EnvironmentIdTag>;
using FlagId = StrongId<struct FlagIdTag>;
using SegmentId = StrongId<struct SegmentIdTag>;
using KeyId = StrongId<struct KeyIdTag>;
using UserId = StrongId<struct UserIdTag>;
using InvitationId = StrongId<struct InvitationIdTag>;
using RoleId = StrongId<struct RoleIdTag>;
using SessionId = StrongId<struct SessionIdTag>;
using TokenId = StrongId<struct TokenIdTag>;
using ServiceAccountId = StrongId<struct ServiceAccountIdTag>;

}  // namespace fanion::cp::access
