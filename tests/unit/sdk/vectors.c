/* Every vector through the C interface, in C11: the same bytes. argv[1]: what split_vectors wrote. */

#include <fanion/eval.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ruleset_part, flag_part, context_part, now_part, expect_part, part_count };

typedef struct {
    char *data;
    size_t size;
} text;

/* One netstring; false at the end of the file. */
static int read_text(FILE *in, text *out) {
    if (fscanf(in, "%zu:", &out->size) != 1) return 0;
    out->data = malloc(out->size + 1);
    if (out->data == NULL || fread(out->data, 1, out->size, in) != out->size || fgetc(in) != ',') abort();
    out->data[out->size] = '\0';
    return 1;
}

static int read_case(FILE *in, text parts[part_count]) {
    for (int i = 0; i < part_count; ++i)
        if (!read_text(in, &parts[i])) return 0;
    return 1;
}

static int is_expected(const fanion_reply *reply, const text *expected) {
    return fanion_reply_size(reply) == expected->size &&
           memcmp(fanion_reply_data(reply), expected->data, expected->size) == 0;
}

static int run_case(fanion_ruleset **ruleset, text parts[part_count], fanion_reply *reply) {
    if (parts[ruleset_part].size != 0) {
        fanion_ruleset_free(*ruleset);
        if (fanion_ruleset_create(parts[ruleset_part].data, parts[ruleset_part].size, ruleset, reply) != FANION_OK) {
            fprintf(stderr, "%s\n", fanion_reply_data(reply));
            return 0;
        }
    }
    const int has_context = parts[context_part].size != 0; /* it then begins with "=" */
    const fanion_status status =
        fanion_evaluate(*ruleset, parts[flag_part].data, parts[flag_part].size,
                        has_context ? parts[context_part].data + 1 : NULL, has_context ? parts[context_part].size - 1 : 0,
                        strtoll(parts[now_part].data, NULL, 10), reply);
    if (status == FANION_OK && is_expected(reply, &parts[expect_part])) return 1;
    fprintf(stderr, "flag %s, context %s\n  expected %s\n  got      %s\n", parts[flag_part].data,
            parts[context_part].data, parts[expect_part].data, fanion_reply_data(reply));
    return 0;
}

int main(int argc, char **argv) {
    FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (in == NULL) return 2;
    fanion_reply *reply = fanion_reply_new();
    fanion_ruleset *ruleset = NULL;
    text parts[part_count];
    int cases = 0;
    int wrong = 0;
    while (read_case(in, parts)) {
        wrong += !run_case(&ruleset, parts, reply);
        for (int i = 0; i < part_count; ++i) free(parts[i].data);
        ++cases;
    }
    fanion_ruleset_free(ruleset);
    fanion_reply_free(reply);
    fclose(in);
    printf("%d vectors, %d wrong\n", cases, wrong);
    return cases > 0 && wrong == 0 ? 0 : 1;
}
