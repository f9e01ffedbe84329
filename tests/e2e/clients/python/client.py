"""The unmodified Python SDK: reads one question per line from standard input and writes one answer per line.

{"type":"boolean|string|integer|number|object","flag":"k","default":..,"context":{..}}
"""
import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

base_url, key = sys.argv[1:]
api.set_provider(OFREPProvider(base_url, headers_factory=lambda: {"Authorization": f"Bearer {key}"}))
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
