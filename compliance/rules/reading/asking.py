"""What is worked out when it is first asked for, and kept with the thing it was asked of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


class asked_once(Generic[Thing, Answer]):
    """`functools.cached_property` without its lock: a post is read by one thread only."""

    def __init__(self, answer: Callable[[Thing], Answer]) -> None:
        self.answer = answer
        self.name = answer.__name__
        self.__doc__ = answer.__doc__

    @overload
    def __get__(self, thing: None, owner: Any) -> asked_once[Thing, Answer]: ...  # Any: whatever class
    @overload
    def __get__(self, thing: Thing, owner: Any) -> Answer: ...
    def __get__(self, thing: Thing | None, owner: Any) -> asked_once[Thing, Answer] | Answer:
        if thing is None:
            return self
        found = thing.__dict__[self.name] = self.answer(thing)
        return found
