"""What cosetta raises. Each exception is also one of Python's own, and its message is one line that names the thing, the place and the cure."""


class Error(Exception):
    """All others are of this class."""


class ParseError(Error, ValueError):
    """Text, a file or an option that does not follow its format."""


class DomainError(Error, ValueError):
    """Well-formed input outside the domain of the operation: not a bijection, a singular matrix, a wrong length."""


class ResourceError(Error, MemoryError):
    """The work would need more memory, points or generators than it is allowed; the message says how much and what fits."""


class BackendError(Error, RuntimeError):
    """A device, a library or the operating system failed or is absent."""


class LimitError(Error, TimeoutError):
    """The limit of time came before there was anything to give."""
