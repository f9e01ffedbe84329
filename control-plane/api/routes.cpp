#include "control-plane/api/routes.hpp"

#include "control-plane/api/handlers.hpp"

namespace fanion::api {
namespace {

using domain::Permission;
using net::Method;

#define FANION_ORG "/api/v1/orgs/{org}"
#define FANION_PROJECT FANION_ORG "/projects/{project}"
#define FANION_FLAG FANION_PROJECT "/flags/{flag}"
#define FANION_SEGMENT FANION_PROJECT "/segments/{segment}"
#define FANION_ENV FANION_PROJECT "/environments/{env}"

// Configurations and segments' members name `edit`; the handler asks for `edit_protected` where the environment is
// protected. The same holds for definitions whose change reaches a protected environment, and for archiving.
constexpr Route table[] = {
    {Method::get, "/openapi.json", Permission::open, handle_openapi},

    {Method::post, "/api/v1/auth/setup", Permission::open, handle_setup},
    {Method::post, "/api/v1/auth/login", Permission::open, handle_login},
    {Method::post, "/api/v1/auth/refresh", Permission::open, handle_refresh},
    {Method::post, "/api/v1/auth/logout", Permission::signed_in, handle_logout},
    {Method::get, "/api/v1/auth/me", Permission::signed_in, handle_me},

    {Method::get, "/api/v1/orgs", Permission::signed_in, handle_list_orgs},
    {Method::post, "/api/v1/orgs", Permission::signed_in, handle_create_org},
    {Method::get, FANION_ORG, Permission::read, handle_get_org},
    {Method::get, FANION_ORG "/audit", Permission::read, handle_list_audit, "limit cursor resource"},

    {Method::get, FANION_ORG "/members", Permission::read, handle_list_members},
    {Method::post, FANION_ORG "/members", Permission::administer, handle_invite_member},
    {Method::get, FANION_ORG "/members/{member}", Permission::read, handle_get_member},
    {Method::patch, FANION_ORG "/members/{member}", Permission::administer, handle_change_member},
    {Method::del, FANION_ORG "/members/{member}", Permission::administer, handle_remove_member},

    {Method::get, FANION_ORG "/keys", Permission::administer, handle_list_keys},
    {Method::post, FANION_ORG "/keys", Permission::administer, handle_create_key},
    {Method::get, FANION_ORG "/keys/{key}", Permission::administer, handle_get_key},
    {Method::del, FANION_ORG "/keys/{key}", Permission::administer, handle_revoke_key},

    {Method::get, FANION_ORG "/projects", Permission::read, handle_list_projects},
    {Method::post, FANION_ORG "/projects", Permission::administer, handle_create_project},
    {Method::get, FANION_PROJECT, Permission::read, handle_get_project},

    {Method::get, FANION_PROJECT "/keys", Permission::administer, handle_list_keys},
    {Method::post, FANION_PROJECT "/keys", Permission::administer, handle_create_key},
    {Method::get, FANION_PROJECT "/keys/{key}", Permission::administer, handle_get_key},
    {Method::del, FANION_PROJECT "/keys/{key}", Permission::administer, handle_revoke_key},

    {Method::get, FANION_PROJECT "/environments", Permission::read, handle_list_environments},
    {Method::post, FANION_PROJECT "/environments", Permission::administer, handle_create_environment},
    {Method::get, FANION_ENV, Permission::read, handle_get_environment},
    {Method::get, FANION_ENV "/keys", Permission::administer, handle_list_keys},
    {Method::post, FANION_ENV "/keys", Permission::administer, handle_create_key},
    {Method::get, FANION_ENV "/keys/{key}", Permission::administer, handle_get_key},
    {Method::del, FANION_ENV "/keys/{key}", Permission::administer, handle_revoke_key},
    {Method::get, FANION_ENV "/ruleset", Permission::read, handle_get_ruleset},
    {Method::get, FANION_ENV "/propagation", Permission::read, handle_get_propagation, "version wait"},
    {Method::get, FANION_ENV "/stats", Permission::read, handle_get_stats, "flag from to"},
    {Method::post, FANION_ENV "/evaluate", Permission::read, handle_evaluate},

    {Method::get, FANION_PROJECT "/flags", Permission::read, handle_list_flags, "limit cursor q"},
    {Method::post, FANION_PROJECT "/flags", Permission::edit, handle_create_flag, "strict"},
    {Method::get, FANION_FLAG, Permission::read, handle_get_flag},
    {Method::put, FANION_FLAG, Permission::edit, handle_replace_flag, "strict"},
    {Method::patch, FANION_FLAG, Permission::edit, handle_patch_flag, "strict"},
    {Method::del, FANION_FLAG, Permission::administer, handle_delete_flag},
    {Method::get, FANION_FLAG "/environments/{env}", Permission::read, handle_get_flag_config},
    {Method::put, FANION_FLAG "/environments/{env}", Permission::edit, handle_replace_flag_config, "strict"},
    {Method::patch, FANION_FLAG "/environments/{env}", Permission::edit, handle_patch_flag_config, "strict"},

    {Method::get, FANION_PROJECT "/segments", Permission::read, handle_list_segments, "limit cursor q"},
    {Method::post, FANION_PROJECT "/segments", Permission::edit, handle_create_segment, "strict"},
    {Method::get, FANION_SEGMENT, Permission::read, handle_get_segment},
    {Method::put, FANION_SEGMENT, Permission::edit, handle_replace_segment, "strict"},
    {Method::patch, FANION_SEGMENT, Permission::edit, handle_patch_segment, "strict"},
    {Method::del, FANION_SEGMENT, Permission::administer, handle_delete_segment},
    {Method::get, FANION_SEGMENT "/environments/{env}", Permission::read, handle_get_segment_body},
    {Method::put, FANION_SEGMENT "/environments/{env}", Permission::edit, handle_replace_segment_body, "strict"},
    {Method::patch, FANION_SEGMENT "/environments/{env}", Permission::edit, handle_patch_segment_body, "strict"},
};

}  // namespace

std::span<const Route> routes() noexcept { return table; }

}  // namespace fanion::api
