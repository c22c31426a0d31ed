"""Arguments that many functions share, as the extension takes them."""

from __future__ import annotations

import operator
import os
from numbers import Real
from typing import Any, Optional, Union

import numpy as np

from . import _cosetta
from .errors import DomainError, ParseError

Amount = Union[int, float, str, None]

_NONE = (0, 0, -1.0)


def limits(threads: Optional[int], memory: Amount, time: Union[float, str, None]) -> tuple[int, int, float]:
    if threads is None and memory is None and time is None:
        return _NONE
    if threads is None:
        threads = 0
    else:
        number = None if isinstance(threads, bool) else _index(threads)
        if number is None or not 1 <= number <= 4096:
            raise ParseError(f"threads {threads!r}: expected a number from 1 to 4096")
        threads = number
    if memory is None:
        memory = 0
    elif isinstance(memory, str):
        memory = _cosetta.parse_bytes(memory)
    elif not isinstance(memory, Real) or not 1 <= memory < 2**63:
        raise ParseError(f"memory {memory!r}: expected a number of bytes, or text such as '16G'")
    if time is None:
        time = -1.0
    elif isinstance(time, str):
        time = _cosetta.parse_seconds(time)
    elif not isinstance(time, Real) or not time >= 0:
        raise ParseError(f"time {time!r}: expected seconds, or text such as '90s' or '2h'")
    return threads, int(memory), float(time)


def seconds(time: Union[float, str, None]) -> float:
    return limits(None, None, time)[2]


def _index(value: Any) -> Optional[int]:
    """A whole number of whatever type, NumPy's too; None for others."""
    try:
        return operator.index(value)
    except TypeError:
        return None


def whole(name: str, value: Any, most: int = 2**63 - 1) -> int:
    """A whole number of at most this size: the extension would say only that no overload fits."""
    number = _index(value)
    if number is None:
        raise ParseError(f"{name} {value!r}: expected a whole number")
    if not -most <= number <= most:
        raise ParseError(f"{name} {value!r}: its size is at most {most}")
    return number


def natural(name: str, value: Any, most: int = 2**63 - 1) -> int:
    number = _index(value)
    if number is None:
        raise ParseError(f"{name} {value!r}: expected a natural number")
    if not 0 <= number <= most:
        raise ParseError(f"{name} {value!r}: expected a natural number " + ("below 2^63" if most == 2**63 - 1 else f"up to {most}"))
    return number


def text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ParseError(f"{name} {value!r}: expected text")
    return value


def int64(rows: np.ndarray, title: str) -> np.ndarray:
    """Contiguous, and nothing wrapped around. Precondition: integers."""
    if rows.dtype == np.uint64 and rows.size and rows.max() >= 2**63:
        raise DomainError(f"{title}: {rows.max()} does not fit 63 bits")
    return np.ascontiguousarray(rows, dtype=np.int64)


def optional_natural(name: str, value: Any) -> Optional[int]:
    return None if value is None else natural(name, value)


def path_text(path: Any) -> str:
    return "" if path is None else os.fspath(path)


def choice(name: str, value: str, among: tuple[str, ...]) -> str:
    if text(name, value) not in among:
        raise ParseError(f"unknown {name} {value!r}; there are {', '.join(among)}")
    return value
