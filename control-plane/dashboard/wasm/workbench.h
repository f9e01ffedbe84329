#ifndef FANION_WORKBENCH_H
#define FANION_WORKBENCH_H

/* What the dashboard's WebAssembly module has beside the evaluator (sdk/c/c_api.h, whose
 * conventions hold here too): the rule language, splits, drafts of a flag's configuration, and
 * evaluation of many contexts at once. */

#include "sdk/c/c_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The text of a condition as its tree (docs/rule-language.md): {"when":<tree>,"text":<canonical
 * text>,"places":[{"pointer","line","column"},..]}, one place per node, parents first. For a text
 * that is not a condition, whose status is FANION_OK too:
 * {"error":{"code","line","column","detail"}}. Lines and columns start at 1, columns count code
 * points; the detail is the language's own sentence, which begins with both. */
FANION_API fanion_status fanion_rule_parse(const char* text, size_t size, fanion_reply* reply);

/* A tree as its canonical text: {"text":".."}. FANION_INVALID_RULESET with findings if it is no
 * condition. */
FANION_API fanion_status fanion_rule_print(const char* tree, size_t size, fanion_reply* reply);

/* The ranges of a split that is given as `weights`, so that the fewest users move:
 * {"ranges":[[from,to,"variation"],..]}. `present` is what the same rule or fallthrough serves
 * now, {"variation":..} or {"split":..}, or empty; `wanted` is {"split":{"weights":[..],..}} as in
 * the admin API; `salt` is the flag's. FANION_INVALID_RULESET with findings whose pointers begin
 * in `wanted`. */
FANION_API fanion_status fanion_split_ranges(const char* present, size_t present_size, const char* wanted,
                                             size_t wanted_size, const char* salt, size_t salt_size,
                                             fanion_reply* reply);

/* A ruleset that drafts can be made from. */
typedef struct fanion_workbench fanion_workbench;

/* From the plain form, as fanion_ruleset_create. */
FANION_API fanion_status fanion_workbench_create(const char* text, size_t size, fanion_workbench** workbench,
                                                 fanion_reply* reply);
FANION_API void fanion_workbench_free(fanion_workbench* workbench);
/* Belongs to the workbench. NULL if that is NULL. */
FANION_API const fanion_ruleset* fanion_workbench_ruleset(const fanion_workbench* workbench);

/* `base` with another configuration of one flag, given as to `PUT
 * .../flags/{flag}/environments/{env}`: conditions as text and weights are allowed. Shares what
 * has not changed with `base`, which may be freed. The reply is {"config":<as it would be
 * stored>,"warnings":[..]}; findings and warnings, FANION_INVALID_RULESET among them, are those of
 * the control plane, with pointers into `config`. `environment` is its key. */
FANION_API fanion_status fanion_workbench_draft(const fanion_workbench* base, const char* flag, size_t flag_size,
                                                const char* config, size_t config_size, const char* environment,
                                                size_t environment_size, fanion_workbench** draft, fanion_reply* reply);

/* One answer. The numbers other than `what` are indices in the `names` of the reply, or -1. */
typedef struct fanion_cell {
    int32_t variation;
    int32_t value;   /* JSON */
    int32_t decided; /* the rule that served, or the flag of the prerequisite that is not fulfilled */
    int32_t what;    /* bits 0-7: reason, 8-15: error, in the order of evaluator.hpp; 16: `decided` is a flag */
} fanion_cell;

/* Evaluates `flag_count` flags, given by their indices in the ruleset, for each of `context_count`
 * contexts, whose bytes follow one another in `contexts`. An index that is out of range yields
 * FLAG_NOT_FOUND. Writes one cell per flag of the first context, then those of the second, .. The
 * reply is {"names":[..]}. */
FANION_API fanion_status fanion_evaluate_all(const fanion_ruleset* ruleset, const char* contexts,
                                             const uint32_t* context_sizes, size_t context_count, const uint32_t* flags,
                                             size_t flag_count, int64_t now_unix_millis, fanion_cell* cells,
                                             fanion_reply* reply);

#ifdef __cplusplus
}
#endif

#endif
