"""Arguments that many functions share, as the extension takes them."""

from __future__ import annotations

import os
from typing import Any, Optional, Union

from . import _cosetta
from .errors import ParseError

Amount = Union[int, float, str, None]

_NONE = (0, 0, -1.0)


def limits(threads: Optional[int], memory: Amount, time: Union[float, str, None]) -> tuple[int, int, float]:
    if threads is None and memory is None and time is None:
        return _NONE
    if threads is None:
        threads = 0
    elif isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 4096:
        raise ParseError(f"threads {threads!r}: expected a number from 1 to 4096")
    if memory is None:
        memory = 0
    elif isinstance(memory, str):
        memory = _cosetta.parse_bytes(memory)
    elif not 1 <= memory < 2**63:
        raise ParseError(f"memory {memory!r}: expected a number of bytes, or text such as '16G'")
    if time is None:
        time = -1.0
    elif isinstance(time, str):
        time = _cosetta.parse_seconds(time)
    elif not time >= 0:
        raise ParseError(f"time {time!r}: expected seconds, or text such as '90s' or '2h'")
    return threads, int(memory), float(time)


def seconds(time: Union[float, str, None]) -> float:
    return limits(None, None, time)[2]


def natural(name: str, value: Any) -> int:
    """Counts: the extension would say only that no overload fits."""
    try:
        number = value.__index__()
    except AttributeError:
        raise ParseError(f"{name} {value!r}: expected a natural number") from None
    if not 0 <= number < 2**63:
        raise ParseError(f"{name} {value!r}: expected a natural number below 2^63")
    return number


def optional_natural(name: str, value: Any) -> Optional[int]:
    return None if value is None else natural(name, value)


def path_text(path: Any) -> str:
    return "" if path is None else os.fspath(path)


def choice(name: str, value: str, among: tuple[str, ...]) -> str:
    if value not in among:
        raise ParseError(f"unknown {name} {value!r}; there are {', '.join(among)}")
    return value
