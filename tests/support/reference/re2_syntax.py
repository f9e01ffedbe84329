"""Translates RE2's syntax, as far as the vectors use it, to that of Python's `re`. Python's engine backtracks, so patterns with
nested repetitions must be avoided."""
import functools
import re
import sys
import unicodedata

NAMED_CLASSES = {"lower": "a-z", "upper": "A-Z", "alpha": "A-Za-z", "digit": "0-9", "alnum": "0-9A-Za-z", "space": r"\t-\r ",
                 "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f", "punct": r"!-/:-@\[-`{-~"}


@functools.lru_cache(None)
def category_class(category):
    """The characters of \\p{Lu} and the like, as the content of a bracket expression."""
    ranges = []
    for code in range(sys.maxunicode + 1):
        if not unicodedata.category(chr(code)).startswith(category):
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def escape_of(pattern, position, in_class):
    """The translation of the escape at `position`, and the position after it."""
    kind = pattern[position + 1]
    if kind == "Q":
        end = pattern.find("\\E", position)
        end = len(pattern) if end < 0 else end
        return re.escape(pattern[position + 2:end]), end + 2
    if kind == "p":
        end = pattern.index("}", position) + 1 if pattern[position + 2] == "{" else position + 3
        members = category_class(pattern[position + 2:end].strip("{}"))
        return members if in_class else f"[{members}]", end
    if kind == "z":
        return r"\Z", position + 2
    return pattern[position:position + 2], position + 2


def bracket_of(pattern, position):
    """The translation of the bracket expression at `position`, and the position after it."""
    out = "["
    position += 1
    if pattern[position] == "^":
        out, position = out + "^", position + 1
    first = True
    while first or pattern[position] != "]":
        if pattern.startswith("[:", position):
            end = pattern.index(":]", position)
            out, position = out + NAMED_CLASSES[pattern[position + 2:end]], end + 2
        elif pattern[position] == "\\":
            part, position = escape_of(pattern, position, True)
            out += part
        else:
            out, position = out + ("\\" if pattern[position] in "[]" else "") + pattern[position], position + 1
        first = False
    return out + "]", position + 1


@functools.lru_cache(None)
def compile_pattern(pattern, fold):
    out, position = "", 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            part, position = escape_of(pattern, position, False)
        elif char == "[":
            part, position = bracket_of(pattern, position)
        else:  # `$` is the very end; Python's also matches before a last line feed
            part, position = (r"\Z" if char == "$" else char), position + 1
        out += part
    # With ASCII, IGNORECASE folds only ASCII letters, as ruleset.md requires.
    return re.compile(out, re.ASCII | (re.IGNORECASE if fold else 0))
