#ifndef FANION_EVAL_C_API_H
#define FANION_EVAL_C_API_H

/* The evaluator for programs in any language: a flat C interface to ruleset.md's semantics. docs/embedding.md shows it at work.
 *
 * No I/O, no clock, no global state, no thread of its own. Nothing is thrown across it.
 *
 * Bytes in:   a pointer and a length; they need no terminator, may hold NUL bytes, are read during the call only and may
 *             have any content. NULL is allowed where the length is 0.
 * Bytes out:  in a fanion_reply, which the caller makes once, uses for many calls and frees.
 * Ownership:  who calls *_new or *_create calls *_free, once; *_free(NULL) does nothing.
 * Threads:    a fanion_ruleset is immutable: any number of threads may evaluate it at once. A fanion_reply belongs to one
 *             thread at a time. A ruleset is freed when no call uses it any more.
 * Times:      milliseconds since 1970-01-01T00:00:00Z, given by the caller.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define FANION_API __attribute__((visibility("default")))
#else
#define FANION_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fanion_ruleset fanion_ruleset;
typedef struct fanion_reply fanion_reply;

/* A function that returns one of these fills its reply: with the answer on FANION_OK, else with
 * {"error":"INVALID_RULESET","detail":"..","findings":[{"item":"..","pointer":"..","code":"..","detail":".."}]}
 * whose `error` is the status's name; on FANION_OUT_OF_MEMORY and FANION_INTERNAL it is empty. */
typedef enum fanion_status {
    FANION_OK = 0,
    FANION_INVALID_ARGUMENT = 1, /* a NULL that is not allowed, or a key that is not UTF-8 */
    FANION_INVALID_RULESET = 2,  /* refused whole; every finding names item and JSON pointer */
    FANION_OUT_OF_MEMORY = 3,
    FANION_INTERNAL = 4 /* a bug */
} fanion_status;

/* "OK", "INVALID_RULESET", ..; static. */
FANION_API const char* fanion_status_name(fanion_status status);

/* NULL when memory is exhausted. */
FANION_API fanion_reply* fanion_reply_new(void);
FANION_API void fanion_reply_free(fanion_reply* reply);
/* The bytes of the last call that was given this reply, and a NUL behind them; valid until the next such call. */
FANION_API const char* fanion_reply_data(const fanion_reply* reply);
FANION_API size_t fanion_reply_size(const fanion_reply* reply);

/* Compiles the plain form of ruleset.md, {"flags":[..],"segments":[..]}. On FANION_OK `*ruleset` is the caller's, else NULL.
 * `reply` may be NULL: then only the status tells what went wrong. */
FANION_API fanion_status fanion_ruleset_create(const char* text, size_t size, fanion_ruleset** ruleset,
                                               fanion_reply* reply);

/* One item as it travels (distribution.md): key "flag/<key>", "segment/<key>", .. and its JSON. Other kinds are ignored. */
typedef struct fanion_item {
    const char* key;
    size_t key_size;
    const char* body;
    size_t body_size;
} fanion_item;

/* The same from items. With `previous` (or NULL) what did not change since is not prepared again and is shared, which
 * makes an update cheap; the result is the same and does not depend on how long `previous` lives. */
FANION_API fanion_status fanion_ruleset_create_from_items(const fanion_item* items, size_t count,
                                                          const fanion_ruleset* previous, fanion_ruleset** ruleset,
                                                          fanion_reply* reply);
FANION_API void fanion_ruleset_free(fanion_ruleset* ruleset);

/* Flags in the order of their keys' bytes. The key is the ruleset's and lives as long; NULL past the end. */
FANION_API size_t fanion_ruleset_flag_count(const fanion_ruleset* ruleset);
FANION_API const char* fanion_ruleset_flag_key(const fanion_ruleset* ruleset, size_t index, size_t* size);

/* Evaluates one flag; the reply is the JSON of ruleset.md, Evaluation, byte for byte. An unknown flag, and a context that is
 * no JSON object or passes a limit, are answers ("error":"FLAG_NOT_FOUND", "INVALID_CONTEXT"), hence FANION_OK. A context
 * of NULL is none, which reads as an empty object. A reply that is used again makes the call allocate nothing once its
 * buffers have grown. */
FANION_API fanion_status fanion_evaluate(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                                         const char* context, size_t context_size, int64_t now_unix_millis,
                                         fanion_reply* reply);

/* The same answer with how it came about: one JSON object, the members of the answer and `steps` (common/eval/explain/explain.hpp). Not
 * for hot paths. */
FANION_API fanion_status fanion_explain(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                                        const char* context, size_t context_size, int64_t now_unix_millis,
                                        fanion_reply* reply);

/* Mistakes in a ruleset that compiles (docs/checks.md), of the plain form:
 * {"warnings":[{"item":"..","pointer":"..","code":"..","detail":".."}]}. FANION_INVALID_RULESET when it does not compile. */
FANION_API fanion_status fanion_check(const char* text, size_t size, fanion_reply* reply);

#ifdef __cplusplus
}
#endif

#endif
