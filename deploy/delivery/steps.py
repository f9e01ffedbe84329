"""Pure: which share of the instances runs the new build in each step of a canary."""
import math
import re


def parse(text):
    """`1,10%,50%`: numbers of instances, or percent of them. ValueError says what is wrong."""
    steps = []
    for part in text.split(","):
        found = re.fullmatch(r"(\d+)(%?)", part.strip())
        if not found or int(found[1]) == 0 or (found[2] and int(found[1]) > 100):
            raise ValueError(f"'{part.strip()}' is no step; write numbers of instances or percents, as in 1,25%,50%")
        steps.append((int(found[1]), bool(found[2])))
    return steps


def counts(steps, size):
    """The number of instances in each step: at least 1, at most all of `size`, each more than the one before."""
    found = []
    for number, is_percent in steps:
        count = min(size, math.ceil(size * number / 100) if is_percent else number)
        if not found or count > found[-1]:
            found.append(count)
    return found
