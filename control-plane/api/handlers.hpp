#pragma once

// The handlers that routes.cpp names, one file per resource.

#include <boost/asio/awaitable.hpp>

#include "control-plane/api/call.hpp"

namespace fanion::api {

using Answer = boost::asio::awaitable<net::Response>;

// auth_api.cpp
Answer handle_setup(Call& call);
Answer handle_login(Call& call);
Answer handle_refresh(Call& call);
Answer handle_logout(Call& call);
Answer handle_me(Call& call);

// orgs_api.cpp
Answer handle_list_orgs(Call& call);
Answer handle_create_org(Call& call);
Answer handle_get_org(Call& call);
Answer handle_list_audit(Call& call);

// members_api.cpp
Answer handle_list_members(Call& call);
Answer handle_invite_member(Call& call);
Answer handle_get_member(Call& call);
Answer handle_change_member(Call& call);
Answer handle_remove_member(Call& call);

// projects_api.cpp
Answer handle_list_projects(Call& call);
Answer handle_create_project(Call& call);
Answer handle_get_project(Call& call);

// environments_api.cpp
Answer handle_list_environments(Call& call);
Answer handle_create_environment(Call& call);
Answer handle_get_environment(Call& call);

// published_api.cpp, stats_api.cpp
Answer handle_get_ruleset(Call& call);
Answer handle_get_propagation(Call& call);
Answer handle_get_stats(Call& call);

// evaluate_api.cpp
Answer handle_evaluate(Call& call);

// flags_api.cpp
Answer handle_list_flags(Call& call);
Answer handle_create_flag(Call& call);
Answer handle_get_flag(Call& call);
Answer handle_replace_flag(Call& call);
Answer handle_patch_flag(Call& call);
Answer handle_delete_flag(Call& call);

// flag_configs_api.cpp
Answer handle_get_flag_config(Call& call);
Answer handle_replace_flag_config(Call& call);
Answer handle_patch_flag_config(Call& call);

// segments_api.cpp
Answer handle_list_segments(Call& call);
Answer handle_create_segment(Call& call);
Answer handle_get_segment(Call& call);
Answer handle_replace_segment(Call& call);
Answer handle_patch_segment(Call& call);
Answer handle_delete_segment(Call& call);

// segment_bodies_api.cpp
Answer handle_get_segment_body(Call& call);
Answer handle_replace_segment_body(Call& call);
Answer handle_patch_segment_body(Call& call);

// keys_api.cpp; of the organisation, a project or an environment, whichever the path names
Answer handle_list_keys(Call& call);
Answer handle_create_key(Call& call);
Answer handle_get_key(Call& call);
Answer handle_revoke_key(Call& call);

// openapi_api.cpp
Answer handle_openapi(Call& call);

}  // namespace fanion::api
