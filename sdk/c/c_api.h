#ifndef FANION_EVAL_C_API_H
#define FANION_EVAL_C_API_H

/* The evaluator for programs in any language, as a C interface. docs/ruleset.md defines the semantics;
 * docs/embedding.md has examples.
 *
 * The library does no I/O and has no clock, no global state and no threads. No exception crosses the interface.
 *
 * Input:      a pointer and a length. The bytes may have any content, need no terminator, and are read only during the
 *             call. NULL is allowed if the length is 0.
 * Output:     a fanion_reply, which the caller creates once, uses for many calls and frees.
 * Ownership:  every object made by *_new or *_create must be freed once with *_free. *_free(NULL) does nothing.
 * Threads:    a fanion_ruleset is immutable; any number of threads may evaluate it at once. A fanion_reply may be used
 *             by one thread at a time. A ruleset must not be freed while a call uses it.
 * Times:      milliseconds since 1970-01-01T00:00:00Z, supplied by the caller.
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

/* A function that returns a status also fills its reply: on FANION_OK with the answer, otherwise with
 * {"error":"INVALID_RULESET","detail":"..","findings":[{"item":"..","pointer":"..","code":"..","detail":".."}]}
 * where `error` is the name of the status. On FANION_OUT_OF_MEMORY and FANION_INTERNAL the reply is empty. */
typedef enum fanion_status {
    FANION_OK = 0,
    FANION_INVALID_ARGUMENT = 1, /* a NULL that is not allowed, or a key that is not UTF-8 */
    FANION_INVALID_RULESET = 2,  /* refused as a whole; each finding has an item and a JSON pointer */
    FANION_OUT_OF_MEMORY = 3,
    FANION_INTERNAL = 4 /* a bug */
} fanion_status;

/* The name of a status: "OK", "INVALID_RULESET", .. The string is static. */
FANION_API const char* fanion_status_name(fanion_status status);

/* Returns NULL if memory is exhausted. */
FANION_API fanion_reply* fanion_reply_new(void);
FANION_API void fanion_reply_free(fanion_reply* reply);
/* The bytes written by the last call that used this reply, followed by a NUL; valid until the next such call. */
FANION_API const char* fanion_reply_data(const fanion_reply* reply);
FANION_API size_t fanion_reply_size(const fanion_reply* reply);

/* Compiles a ruleset in the plain form of ruleset.md, {"flags":[..],"segments":[..]}. On FANION_OK the caller owns
 * `*ruleset`; otherwise it is NULL. `reply` may be NULL; then only the status is returned. */
FANION_API fanion_status fanion_ruleset_create(const char* text, size_t size, fanion_ruleset** ruleset,
                                               fanion_reply* reply);

/* One item of a snapshot or delta (distribution.md): the key, such as "flag/<key>" or "segment/<key>", and the JSON
 * body. Items of other kinds are ignored. */
typedef struct fanion_item {
    const char* key;
    size_t key_size;
    const char* body;
    size_t body_size;
} fanion_item;

/* Compiles a ruleset from items. If `previous` is not NULL, items that have not changed are shared with it instead
 * of being compiled again, which makes updates cheap. The result is the same, and `previous` may be freed at any
 * time afterwards. */
FANION_API fanion_status fanion_ruleset_create_from_items(const fanion_item* items, size_t count,
                                                          const fanion_ruleset* previous, fanion_ruleset** ruleset,
                                                          fanion_reply* reply);
FANION_API void fanion_ruleset_free(fanion_ruleset* ruleset);

/* Flags in the byte order of their keys. The key belongs to the ruleset and is valid as long as the ruleset is; NULL
 * if `index` is out of range. */
FANION_API size_t fanion_ruleset_flag_count(const fanion_ruleset* ruleset);
FANION_API const char* fanion_ruleset_flag_key(const fanion_ruleset* ruleset, size_t index, size_t* size);

/* Evaluates one flag. The reply is exactly the JSON of ruleset.md, "Evaluation". For an unknown flag, and for a
 * context that is not a JSON object or exceeds a limit, the status is FANION_OK and the answer has
 * "error":"FLAG_NOT_FOUND" or "INVALID_CONTEXT". A NULL context is an empty object. Once the buffers of a reused
 * reply have grown, the call does not allocate, except for regular expressions in states not met before. */
FANION_API fanion_status fanion_evaluate(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                                         const char* context, size_t context_size, int64_t now_unix_millis,
                                         fanion_reply* reply);

/* Evaluates one flag and explains the answer: one JSON object with the members of the answer and `steps`
 * (docs/explain.md). Slower than fanion_evaluate. */
FANION_API fanion_status fanion_explain(const fanion_ruleset* ruleset, const char* flag_key, size_t flag_key_size,
                                        const char* context, size_t context_size, int64_t now_unix_millis,
                                        fanion_reply* reply);

/* Finds mistakes in a ruleset in the plain form (docs/checks.md):
 * {"warnings":[{"item":"..","pointer":"..","code":"..","detail":".."}]}. Returns FANION_INVALID_RULESET if it does not
 * compile. */
FANION_API fanion_status fanion_check(const char* text, size_t size, fanion_reply* reply);

#ifdef __cplusplus
}
#endif

#endif
