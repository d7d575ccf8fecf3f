"""Cases of a foreign client, a function each: what is asked, what the vendor does by its documentation, what is expected of the far end.

The body asks by the client and judges: by what the client got, and by what then lies at the far end. It returns when all is as the vendor
has it. What the client raises is the far end's refusal, and a refused call may have changed nothing. Each case is told as a line of JSON.
"""

import json
import signal

# Seconds that a case may take: a client that tries again for ever tells nothing.
_patience = 40


def _give_up(*_):
    raise TimeoutError("no end of it")


signal.signal(signal.SIGALRM, _give_up)
_cases = []


def case(asks, vendor, expect="right"):
    """`expect` is "right", "501" where the far end says that it does not serve it, or the error that the vendor gives."""

    def add(body):
        _cases.append((body.__name__, asks, vendor, expect, body))
        return body

    return add


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} instead of {wanted!r}"[:600])


_lies = {}


def settle(world):
    """Takes what lies at the far end now for what a refusal must leave: a body says so when it has laid out what it asks about."""
    _lies["now"] = world


def run(code_of, world=lambda: None):
    """`code_of` names what a client raised, `world` tells what lies at the far end."""
    for name, asks, vendor, expect, body in _cases:
        got, says = "right", ""
        settle(world())
        signal.alarm(_patience)
        try:
            body()
        except AssertionError as wrong:
            got, says = "wrong", str(wrong)
        except Exception as raised:  # Whatever a client raises is the answer that it got.
            got, says = code_of(raised), str(raised)[:600]
            if _lies["now"] != world():
                got, says = "wrong", f"refused ({says}), and changed all the same"
        signal.alarm(0)
        row = {"name": name, "asks": asks, "vendor": vendor, "expect": expect, "got": got, "says": says}
        print(json.dumps(row), flush=True)
