/* cc -std=c11 example.c $(pkg-config --cflags --libs fanion-eval) */
#include <fanion/eval.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    const char *text =
        "{\"flags\":[{\"key\":\"new-checkout\",\"type\":\"boolean\",\"enabled\":true,"
        "\"variations\":[{\"key\":\"on\",\"value\":true},{\"key\":\"off\",\"value\":false}],"
        "\"targets\":[{\"attribute\":\"targetingKey\",\"values\":[\"alice\"],\"variation\":\"on\"}],"
        "\"fallthrough\":{\"variation\":\"off\"}}]}";
    const char *flag = "new-checkout", *context = "{\"targetingKey\":\"alice\"}";

    fanion_reply *reply = fanion_reply_new();
    fanion_ruleset *ruleset = NULL;
    fanion_status status = fanion_ruleset_create(text, strlen(text), &ruleset, reply);
    if (status == FANION_OK)
        status = fanion_evaluate(ruleset, flag, strlen(flag), context, strlen(context), 1763720000000, reply);
    puts(fanion_reply_data(reply)); /* the answer, or what is wrong and where */
    fanion_ruleset_free(ruleset);
    fanion_reply_free(reply);
    return status == FANION_OK ? 0 : 1;
}
