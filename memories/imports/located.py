"""JSON that remembers where its items stand, so that the one that is wrong can be named."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NoReturn

from memories.errors import InvalidText

_SPACE = re.compile(r"[ \t\n\r]*")


class Located:
    """A JSON document. Its top is an object or a list; the items of its lists come with their lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [match.start() for match in re.finditer("\n", text)]
        self._decoder = json.JSONDecoder(parse_constant=self._constant)

    def line(self, place: int) -> int:
        """From 1."""
        return bisect_right(self._breaks, place - 1) + 1

    def top(self) -> dict[str, Any]:
        """The members of the object at the top, the lists among them as [(line, item), ...]; a list at the top comes as
        the member "". InvalidText, naming the line, for what is not JSON."""
        place = self._skip(0)
        if self._text[place : place + 1] == "[":
            items, place = self._items(place)
            self._end(place)
            return {"": items}
        if self._text[place : place + 1] != "{":
            self._wrong(place, "A JSON file begins with { or [.")
        return self._object(place)

    def _object(self, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        place = self._skip(place + 1)
        while self._text[place : place + 1] != "}":
            name, place = self._value(place)
            place = self._expect(place, ":")
            if self._text[place : place + 1] == "[":
                found[str(name)], place = self._items(place)
            else:
                found[str(name)], place = self._value(place)
            place = self._skip(place)
            if self._text[place : place + 1] == ",":
                place = self._another(place, "}")
            elif self._text[place : place + 1] != "}":
                self._wrong(place, "A comma or } is missing here.")
        self._end(place + 1)
        return found

    def _items(self, place: int) -> tuple[list[tuple[int, Any]], int]:
        items: list[tuple[int, Any]] = []
        place = self._skip(place + 1)
        while self._text[place : place + 1] != "]":
            start = place
            value, place = self._value(place)
            items.append((self.line(start), value))
            place = self._skip(place)
            if self._text[place : place + 1] == ",":
                place = self._another(place, "]")
            elif self._text[place : place + 1] != "]":
                self._wrong(place, "A comma or ] is missing here.")
        return items, place + 1

    def _value(self, place: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, place)
        except RecursionError:
            self._wrong(place, "What begins here is nested too deeply to be read.")
        except json.JSONDecodeError as error:
            self._wrong(error.pos, "This is not JSON.")
        except ValueError:
            self._wrong(place, "What begins here holds a number that cannot be read.")

    def _expect(self, place: int, sign: str) -> int:
        place = self._skip(place)
        if self._text[place : place + 1] != sign:
            self._wrong(place, f"A {sign} is missing here.")
        return self._skip(place + 1)

    def _another(self, comma: int, end: str) -> int:
        """Where the next item begins, which a comma promises."""
        place = self._skip(comma + 1)
        if self._text[place : place + 1] == end:
            self._wrong(place, f"There is a comma before this {end}, and nothing after it.")
        return place

    def _skip(self, place: int) -> int:
        match = _SPACE.match(self._text, place)
        return match.end() if match else place

    def _end(self, place: int) -> None:
        if self._skip(place) != len(self._text):
            self._wrong(self._skip(place), "There is something after the end of the JSON.")

    def _wrong(self, place: int, sentence: str) -> NoReturn:
        raise InvalidText(f"Line {self.line(place):,} cannot be read. {sentence} Nothing was imported.")

    @staticmethod
    def _constant(name: str) -> NoReturn:
        raise ValueError(name)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their numbers. Only line breaks count: U+2028 is a character like others."""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line.strip():
            yield number, line
