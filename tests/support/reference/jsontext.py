"""Lossless JSON: numbers keep their spelling, and objects keep the order of their members, including duplicates."""
import decimal
import json
import re

BEYOND_64_BITS = 25  # a number with more digits before the decimal point does not fit into 64 bits


class Number:
    def __init__(self, text):
        self.text = text

    def value(self):
        """An int if the number is an integer of at most 64 bits, else the nearest float. Python compares both exactly."""
        try:
            exact = decimal.Decimal(self.text)
        except decimal.InvalidOperation:  # an exponent beyond its limits
            return float(self.text)
        if exact == 0:
            return 0
        if exact.adjusted() < BEYOND_64_BITS and exact == exact.to_integral_value():
            whole = int(exact)
            if abs(whole) < 2 ** 64:
                return whole
        return float(self.text)


class Object:
    def __init__(self, pairs):
        self.pairs = pairs

    def get(self, name, default=None):
        """The last member with that name."""
        for key, value in reversed(self.pairs):
            if key == name:
                return value
        return default

    def has(self, name):
        return any(key == name for key, _ in self.pairs)

    def names(self):
        return [key for key, _ in self.pairs]


def refuse_constant(word):
    raise ValueError(f"{word} is not valid JSON")


def parse(text):
    """Raises ValueError."""
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=refuse_constant, object_pairs_hook=Object)


def compact(value):
    if isinstance(value, Number):
        return value.text
    if isinstance(value, Object):
        return "{" + ",".join(f"{compact(name)}:{compact(member)}" for name, member in value.pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def parse_number(text):
    """The Number spelled by the whole of `text`, or None."""
    return Number(text) if NUMBER.fullmatch(text) else None


# Numbers that every JSON parser reads and writes in the same way: small integers, short fractions.
PLAIN_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}|-?(0|[1-9][0-9]{0,8})\.(0{0,4}[1-9]|[0-9]{0,4}[1-9])")
INDEX = re.compile(r"0|[1-9][0-9]*")


def survives(value):
    """Whether JavaScript's JSON.parse and JSON.stringify give the same text as compact()."""
    if isinstance(value, Number):
        return bool(PLAIN_NUMBER.fullmatch(value.text))
    if isinstance(value, Object):
        names = value.names()
        return (len(set(names)) == len(names) and "__proto__" not in names
                and not (len(names) > 1 and any(INDEX.fullmatch(name) for name in names))
                and all(survives(member) for _, member in value.pairs))
    return all(map(survives, value)) if isinstance(value, list) else True
