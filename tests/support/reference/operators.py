"""The operators of ruleset.md on one JSON value, written from its table alone.

Values are those of jsontext: str, bool, None, Number, Object, list.
"""
import datetime
import functools
import ipaddress
import re

import re2_syntax
from jsontext import Number, parse_number


def is_missing(value):
    return value is None


def text_of(value, fold):
    """The UTF-8 bytes of a string with ASCII letters folded; None for other types."""
    if not isinstance(value, str):
        return None
    data = value.encode()
    return data.lower() if fold else data


def equals(value, operand, fold):
    if isinstance(value, bool) or isinstance(operand, bool):
        return value is operand
    if isinstance(value, Number) and isinstance(operand, Number):
        return value.value() == operand.value()
    left, right = text_of(value, fold), text_of(operand, fold)
    return left is not None and left == right


def text_test(test):
    def holds(value, operand, fold):
        text = text_of(value, fold)
        return text is not None and test(text, text_of(operand, fold))
    return holds


def matches_regex(value, operand, fold):
    return isinstance(value, str) and re2_syntax.compile_pattern(operand, fold).search(value) is not None


def number_of(value):
    if isinstance(value, str):
        value = parse_number(value)
    return value.value() if isinstance(value, Number) else None


IDENTIFIER = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
NUMERIC = r"(?:0|[1-9][0-9]*)"
NUMBERS = 8
VERSION = re.compile(
    rf"[vV]?({NUMERIC}(?:\.{NUMERIC}){{0,{NUMBERS - 1}}})(?:-({IDENTIFIER}(?:\.{IDENTIFIER})*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")


def version_of(value):
    """A tuple with the order of SemVer 2.0, item 11, after eight numbers; None if it is not a valid version."""
    match = VERSION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    numbers = [int(part) for part in match.group(1).split(".")]
    core = tuple(numbers + [0] * (NUMBERS - len(numbers)))
    if match.group(2) is None:
        return core + ((1,),)
    parts = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in match.group(2).split("."))
    return core + ((0, parts),)


TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
CYCLE_YEARS, CYCLE_DAYS = 400, 146097  # of the Gregorian calendar


def days_since_1970(year, month, day):
    """Proleptic Gregorian, including year 0, which `datetime` lacks. Raises ValueError if the date is invalid."""
    cycles = 1 if year < CYCLE_YEARS else 0
    date = datetime.date(year + cycles * CYCLE_YEARS, month, day)
    return (date - datetime.date(1970, 1, 1)).days - cycles * CYCLE_DAYS


def time_of(value):
    """Milliseconds since 1970; None if it is not a valid time."""
    if isinstance(value, Number):
        return value.value()
    match = TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.group(1, 2, 3, 4, 5, 6))
    east, offset_hours, offset_minutes = match.group(8) == "+", int(match.group(9) or 0), int(match.group(10) or 0)
    if hour > 23 or minute > 59 or second > 60 or offset_hours > 23 or offset_minutes > 59:
        return None
    try:
        days = days_since_1970(year, month, day)
    except ValueError:
        return None
    offset = (offset_hours * 60 + offset_minutes) * (1 if east else -1)
    millis = int(((match.group(7) or "") + "000")[:3])
    return ((days * 1440 + hour * 60 + minute - offset) * 60 + second) * 1000 + millis


def address_of(value):
    if not isinstance(value, str) or "%" in value:
        return None
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


@functools.lru_cache(None)
def networks_of(text):
    """A network, and the equivalent IPv4 network if it is within ::ffff:0:0/96."""
    network = ipaddress.ip_network(text, strict=False)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is None or network.prefixlen < 96:
        return [network]
    return [network, ipaddress.ip_network((mapped, network.prefixlen - 96))]


def in_cidr(value, operand, fold):
    address = address_of(value)
    if address is None:
        return False
    forms = [address, getattr(address, "ipv4_mapped", None)]
    return any(form is not None and form in network for form in forms for network in networks_of(operand))


def comparison(read, test):
    def holds(value, operand, fold):
        left = read(value)
        return left is not None and test(left, read(operand))
    return holds


def less(a, b):
    return a < b


def less_or_equal(a, b):
    return a <= b


def greater(a, b):
    return a > b


def greater_or_equal(a, b):
    return a >= b


# The positive operators on one value and one operand. The negative operators are their negations.
POSITIVE = {
    "is": equals, "one_of": equals,
    "contains": text_test(lambda text, part: part in text),
    "starts_with": text_test(bytes.startswith),
    "ends_with": text_test(bytes.endswith),
    "matches_regex": matches_regex,
    "gt": comparison(number_of, greater), "gte": comparison(number_of, greater_or_equal),
    "lt": comparison(number_of, less), "lte": comparison(number_of, less_or_equal),
    "version_eq": comparison(version_of, lambda a, b: a == b),
    "version_gt": comparison(version_of, greater), "version_gte": comparison(version_of, greater_or_equal),
    "version_lt": comparison(version_of, less), "version_lte": comparison(version_of, less_or_equal),
    "before": comparison(time_of, less), "after": comparison(time_of, greater),
    "in_cidr": in_cidr,
}


def holds(op, value, operands, fold):
    """`value` is None if the attribute is missing or null."""
    if op == "exists":
        return not is_missing(value)
    if op == "not_exists":
        return is_missing(value)
    if op == "is_not":
        return not holds("is", value, operands, fold)
    if op.startswith("not_"):
        return not holds(op[len("not_"):], value, operands, fold)
    test = POSITIVE[op]
    candidates = value if isinstance(value, list) else [value]
    return any(test(one, operand, fold) for one in candidates if not is_missing(one) for operand in operands)
