"""The unmodified Python SDK: reads one question per line from standard input and writes one answer per line.

    client.py URL KEY                    with the OFREP provider
    client.py flagd:PORT rpc|in-process  with flagd's

{"type":"boolean|string|integer|number|object","flag":"k","default":..,"context":{..}}
"""
import json
import sys

from openfeature import api
from openfeature.evaluation_context import EvaluationContext



def provider(where, how):
    if where.startswith("flagd:"):
        from openfeature.contrib.provider.flagd import FlagdProvider
        from openfeature.contrib.provider.flagd.config import ResolverType
        return FlagdProvider(host="127.0.0.1", port=int(where.removeprefix("flagd:")), resolver_type=ResolverType(how),
                             deadline_ms=10_000, retry_backoff_max_ms=500)
    from openfeature.contrib.provider.ofrep import OFREPProvider
    return OFREPProvider(where, headers_factory=lambda: {"Authorization": f"Bearer {how}"})


api.set_provider_and_wait(provider(*sys.argv[1:]))
client = api.get_client()
ASK = {
    "boolean": client.get_boolean_details,
    "string": client.get_string_details,
    "integer": client.get_integer_details,
    "number": client.get_float_details,
    "object": client.get_object_details,
}

for line in sys.stdin:
    question = json.loads(line)
    attributes = dict(question.get("context") or {})
    context = EvaluationContext(attributes.pop("targetingKey", None), attributes)
    answer = ASK[question["type"]](question["flag"], question["default"], context)
    print(json.dumps({
        "value": answer.value,
        "variant": answer.variant,
        "reason": answer.reason,
        "error": answer.error_code.value if answer.error_code else None,
        "metadata": dict(answer.flag_metadata),
    }), flush=True)
