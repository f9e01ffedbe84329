"""The unmodified Python SDK with flagd's provider: reads one question per line from standard input and writes one answer per line.

{"type":"boolean|string|integer|number|object","flag":"k","default":..,"context":{..}}
"""
import json
import sys

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext

port, resolver = sys.argv[1:]
api.set_provider_and_wait(FlagdProvider(host="127.0.0.1", port=int(port), resolver_type=ResolverType(resolver),
                                        deadline_ms=10_000, retry_backoff_max_ms=500))
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
