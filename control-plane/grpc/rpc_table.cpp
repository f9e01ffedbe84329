#include "control-plane/grpc/rpc_table.hpp"

namespace fanion::cp::grpc {
namespace {

using net::Method;

constexpr std::string_view instructions = "application/vnd.fanion.instructions+json";

constexpr Rpc table[] = {
    {"OrganisationService", "ListOrganisations", Method::get, "/api/v1/orgs", Body::none, "", Answer::page,
     "organisations"},
    {"OrganisationService", "GetOrganisation", Method::get, "/api/v1/orgs/{org}", Body::none, "", Answer::resource,
     "organisation"},
    {"OrganisationService", "CreateOrganisation", Method::post, "/api/v1/orgs", Body::field, "organisation",
     Answer::change, "organisation"},
    {"OrganisationService", "ReplaceOrganisation", Method::put, "/api/v1/orgs/{org}", Body::field, "organisation",
     Answer::change, "organisation"},
    {"OrganisationService", "DeleteOrganisation", Method::del, "/api/v1/orgs/{org}", Body::none, "", Answer::change},
    {"OrganisationService", "RestoreOrganisation", Method::post, "/api/v1/orgs/{org}/restore", Body::rest, "",
     Answer::change, "organisation"},
    {"OrganisationService", "GetUsage", Method::get, "/api/v1/orgs/{org}/usage"},
    {"ProjectService", "ListProjects", Method::get, "/api/v1/orgs/{org}/projects", Body::none, "", Answer::page,
     "projects"},
    {"ProjectService", "GetProject", Method::get, "/api/v1/orgs/{org}/projects/{project}", Body::none, "",
     Answer::resource, "project"},
    {"ProjectService", "CreateProject", Method::post, "/api/v1/orgs/{org}/projects", Body::field, "project",
     Answer::change, "project"},
    {"ProjectService", "ReplaceProject", Method::put, "/api/v1/orgs/{org}/projects/{project}", Body::field,
     "replacement", Answer::change, "project"},
    {"ProjectService", "DeleteProject", Method::del, "/api/v1/orgs/{org}/projects/{project}", Body::none, "",
     Answer::change},
    {"ProjectService", "RestoreProject", Method::post, "/api/v1/orgs/{org}/projects/{project}/restore", Body::rest, "",
     Answer::change, "project"},
    {"EnvironmentService", "ListEnvironments", Method::get, "/api/v1/orgs/{org}/projects/{project}/environments",
     Body::none, "", Answer::page, "environments"},
    {"EnvironmentService", "GetEnvironment", Method::get,
     "/api/v1/orgs/{org}/projects/{project}/environments/{environment}", Body::none, "", Answer::resource,
     "environment"},
    {"EnvironmentService", "CreateEnvironment", Method::post, "/api/v1/orgs/{org}/projects/{project}/environments",
     Body::field, "environment", Answer::change, "environment"},
    {"EnvironmentService", "ReplaceEnvironment", Method::put,
     "/api/v1/orgs/{org}/projects/{project}/environments/{environment}", Body::field, "replacement", Answer::change,
     "environment"},
    {"EnvironmentService", "DeleteEnvironment", Method::del,
     "/api/v1/orgs/{org}/projects/{project}/environments/{environment}", Body::none, "", Answer::change},
    {"EnvironmentService", "RestoreEnvironment", Method::post,
     "/api/v1/orgs/{org}/projects/{project}/environments/{environment}/restore", Body::rest, "", Answer::change,
     "environment"},
    {"FlagService", "ListFlags", Method::get, "/api/v1/orgs/{org}/projects/{project}/flags", Body::none, "",
     Answer::page, "flags"},
    {"FlagService", "GetFlag", Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Body::none, "",
     Answer::resource, "flag"},
    {"FlagService", "CreateFlag", Method::post, "/api/v1/orgs/{org}/projects/{project}/flags", Body::field, "flag",
     Answer::change, "flag"},
    {"FlagService", "ReplaceFlag", Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Body::field,
     "replacement", Answer::change, "flag"},
    {"FlagService", "ChangeFlag", Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Body::rest, "",
     Answer::change, "flag", instructions},
    {"FlagService", "DeleteFlag", Method::del, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Body::none, "",
     Answer::change},
    {"FlagService", "CloneFlag", Method::post, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/clone", Body::field,
     "clone", Answer::change, "flag"},
    {"FlagService", "ListFlagUses", Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/uses"},
    {"FlagConfigurationService", "GetFlagConfiguration", Method::get,
     "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{environment}", Body::none, "", Answer::resource,
     "configuration"},
    {"FlagConfigurationService", "ReplaceFlagConfiguration", Method::put,
     "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{environment}", Body::field, "configuration",
     Answer::change, "configuration"},
    {"FlagConfigurationService", "ChangeFlagConfiguration", Method::patch,
     "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{environment}", Body::rest, "", Answer::change,
     "configuration", instructions},
    {"EvaluationService", "Evaluate", Method::post,
     "/api/v1/orgs/{org}/projects/{project}/environments/{environment}/evaluate", Body::rest},
    {"SegmentService", "ListSegments", Method::get, "/api/v1/orgs/{org}/projects/{project}/segments", Body::none, "",
     Answer::page, "segments"},
    {"SegmentService", "GetSegment", Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}",
     Body::none, "", Answer::resource, "segment"},
    {"SegmentService", "CreateSegment", Method::post, "/api/v1/orgs/{org}/projects/{project}/segments", Body::field,
     "segment", Answer::change, "segment"},
    {"SegmentService", "ReplaceSegment", Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}",
     Body::field, "replacement", Answer::change, "segment"},
    {"SegmentService", "DeleteSegment", Method::del, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}",
     Body::none, "", Answer::change},
    {"SegmentService", "CloneSegment", Method::post, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/clone",
     Body::field, "clone", Answer::change, "segment"},
    {"SegmentService", "ListSegmentUses", Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/uses"},
    {"SegmentService", "GetSegmentConfiguration", Method::get,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{environment}", Body::none, "",
     Answer::resource, "configuration"},
    {"SegmentService", "ReplaceSegmentConfiguration", Method::put,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{environment}", Body::field,
     "configuration", Answer::change, "configuration"},
    {"SegmentService", "ChangeSegmentConfiguration", Method::patch,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{environment}", Body::rest, "",
     Answer::change, "configuration", instructions},
    {"SegmentService", "ListSegmentMembers", Method::get,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{environment}/members", Body::none, "",
     Answer::page, "values"},
    {"SegmentService", "ChangeSegmentMembers", Method::patch,
     "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{environment}/members", Body::field,
     "changes", Answer::change, "changes"},
    {"KeyService", "ListKeys", Method::get, "/api/v1/orgs/{org}[/projects/{project}[/environments/{environment}]]/keys",
     Body::none, "", Answer::page, "keys"},
    {"KeyService", "GetKey", Method::get,
     "/api/v1/orgs/{org}[/projects/{project}[/environments/{environment}]]/keys/{key}", Body::none, "",
     Answer::resource, "key"},
    {"KeyService", "CreateKey", Method::post,
     "/api/v1/orgs/{org}[/projects/{project}[/environments/{environment}]]/keys", Body::field, "key", Answer::change,
     "key"},
    {"KeyService", "RotateKey", Method::post,
     "/api/v1/orgs/{org}[/projects/{project}[/environments/{environment}]]/keys/{key}/rotate", Body::field, "rotation",
     Answer::change, "key"},
    {"KeyService", "RevokeKey", Method::del,
     "/api/v1/orgs/{org}[/projects/{project}[/environments/{environment}]]/keys/{key}", Body::none, "", Answer::change},
    {"RoleService", "ListRoles", Method::get, "/api/v1/orgs/{org}/roles", Body::none, "", Answer::page, "roles"},
    {"RoleService", "GetRole", Method::get, "/api/v1/orgs/{org}/roles/{role}", Body::none, "", Answer::resource,
     "role"},
    {"RoleService", "CreateRole", Method::post, "/api/v1/orgs/{org}/roles", Body::field, "role", Answer::change,
     "role"},
    {"RoleService", "ReplaceRole", Method::put, "/api/v1/orgs/{org}/roles/{role}", Body::field, "replacement",
     Answer::change, "role"},
    {"RoleService", "DeleteRole", Method::del, "/api/v1/orgs/{org}/roles/{role}", Body::none, "", Answer::change},
    {"RoleService", "ListAssignments", Method::get,
     "/api/v1/orgs/{org}/projects/{project}[/environments/{environment}]/assignments", Body::none, "", Answer::page,
     "assignments"},
    {"RoleService", "GetAssignment", Method::get,
     "/api/v1/orgs/{org}/projects/{project}[/environments/{environment}]/assignments/{member}", Body::none, "",
     Answer::resource, "assignment"},
    {"RoleService", "Assign", Method::put,
     "/api/v1/orgs/{org}/projects/{project}[/environments/{environment}]/assignments/{member}", Body::rest, "",
     Answer::change, "assignment"},
    {"RoleService", "Unassign", Method::del,
     "/api/v1/orgs/{org}/projects/{project}[/environments/{environment}]/assignments/{member}", Body::none, "",
     Answer::change},
    {"RoleService", "GetMyPermissions", Method::get, "/api/v1/orgs/{org}/me/permissions", Body::none, "", Answer::page,
     "projects"},
    {"RoleService", "ListMembers", Method::get, "/api/v1/orgs/{org}/members", Body::none, "", Answer::page, "members"},
    {"RoleService", "GetMember", Method::get, "/api/v1/orgs/{org}/members/{member}", Body::none, "", Answer::resource,
     "member"},
    {"RoleService", "ChangeMember", Method::patch, "/api/v1/orgs/{org}/members/{member}", Body::rest, "",
     Answer::change, "member"},
    {"RoleService", "RemoveMember", Method::del, "/api/v1/orgs/{org}/members/{member}", Body::none, "", Answer::change},
    {"AuditService", "ListAuditEntries", Method::get, "/api/v1/orgs/{org}/audit?env={environment}", Body::none, "",
     Answer::page, "entries"},
    {"AuditService", "GetAuditEntry", Method::get, "/api/v1/orgs/{org}/audit/{entry}", Body::none, "", Answer::resource,
     "entry"},
    {"AuditService", "RevertChange", Method::post, "/api/v1/orgs/{org}/audit/{entry}/revert", Body::none, "",
     Answer::change, "resource"},
    {"AuditService", "WatchChanges", Method::get, "/api/v1/orgs/{org}/events", Body::none, "", Answer::events},
};

// Appends to each pattern, and to each of them once more where the brackets are left out.
void expand(std::string_view path, std::string pattern, std::vector<std::string>& patterns) {
    const auto open = path.find('[');
    if (open == std::string_view::npos) {
        pattern += path;
        patterns.push_back(std::move(pattern));
        return;
    }
    pattern += path.substr(0, open);
    const auto close = path.rfind(']');
    std::vector<std::string> inner;
    expand(path.substr(open + 1, close - open - 1), pattern, inner);
    inner.push_back(std::move(pattern));
    for (auto& prefix : inner) patterns.push_back(std::move(prefix.append(path.substr(close + 1))));
}

}  // namespace

std::span<const Rpc> rpc_table() noexcept { return table; }

const Rpc* find_rpc(std::string_view service, std::string_view name) noexcept {
    for (const auto& rpc : table) {
        if (rpc.service == service && rpc.name == name) return &rpc;
    }
    return nullptr;
}

std::vector<std::string> route_patterns(const Rpc& rpc) {
    std::vector<std::string> patterns;
    expand(rpc.path.substr(0, rpc.path.find('?')), {}, patterns);
    return patterns;
}

}  // namespace fanion::cp::grpc
